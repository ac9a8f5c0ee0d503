import type { JsonSchema } from 'millrace';
import { describe, expect, it } from 'vitest';
import { jsonText } from '../../../../src/backends/onnx/constraint/schema/json-text.ts';
import { schemaGrammar } from '../../../../src/backends/onnx/constraint/schema-grammar.ts';
import { byteCompiler, isWritable } from '../../../support/byte-vocabulary.ts';

/** Built, because a value with a property `then` could be taken for a promise. */
const conditional = (condition: JsonSchema): JsonSchema =>
  Object.fromEntries([
    ['if', condition],
    ['then', { type: 'integer' }],
    ['else', { type: 'string' }],
  ]);

type Case = readonly [schema: JsonSchema, allowed: readonly unknown[], refused: readonly unknown[]];

describe('schemaGrammar', () => {
  const compiler = byteCompiler();

  const writes = async (schema: JsonSchema, text: string): Promise<boolean> =>
    isWritable(compiler.follow(schemaGrammar(schema).grammar), text);

  const holds = (cases: readonly Case[]) => {
    it.each(cases)('holds %j', async (schema, allowed, refused) => {
      expect(schemaGrammar(schema).unenforced).toEqual([]);
      for (const value of allowed) expect(await writes(schema, jsonText(value)), jsonText(value)).toBe(true);
      for (const value of refused) expect(await writes(schema, jsonText(value)), jsonText(value)).toBe(false);
    });
  };

  describe('numbers', () => {
    holds([
      [{ type: 'integer' }, [0, 7, -12, 123456789012345], [1.5, '1', 1234567890123456]],
      [{ type: 'integer', minimum: 3, maximum: 117 }, [3, 9, 10, 99, 100, 117], [2, 118, 200, -5, 0]],
      [{ type: 'integer', minimum: -15, exclusiveMaximum: 15 }, [-15, -9, 0, 14], [-16, 15, -20, 100]],
      [{ type: 'integer', exclusiveMinimum: -3, maximum: -1 }, [-2, -1], [-3, 0, 1]],
      [{ type: 'integer', minimum: 999, maximum: 1001 }, [999, 1000, 1001], [998, 1002, 99, 10000]],
      [{ type: 'integer', minimum: 9007199254740990 }, [9007199254740990, 9007199254740991], [9007199254740989, 9]],
      [{ type: 'integer', minimum: 0.5, maximum: 2.5 }, [1, 2], [0, 3]],
      [{ type: 'number' }, [0, -0.5, -7.654321, 999999999.999999], [1e21, 1e-7, 0.1234567]],
      [{ type: 'number', minimum: 0, maximum: 1 }, [0, 0.5, 1, 0.999999], [-0.1, 1.000001, 2]],
      [{ type: 'number', exclusiveMinimum: -1.25, maximum: 10.5 }, [-1.24, 0, 10.5, 10.49, 9.99], [-1.25, 10.51, 11]],
      [{ type: 'number', minimum: 0.015, maximum: 0.02 }, [0.015, 0.0199, 0.02], [0.0149, 0.0201, 0, 0.1]],
      [{ type: 'number', minimum: 1e-7, maximum: 1e-6 }, [0.000001], [0.00001, 1]],
      [{ type: 'number', minimum: 1e20 }, [100000000000000000000], [99999999999999, 1]],
      [{ type: 'number', multipleOf: 1 }, [3], [3.5]],
      [{ type: 'integer', multipleOf: 7, minimum: -20 }, [-14, 0, 7, 70], [-21, 1, 8]],
      [{ type: 'integer', allOf: [{ multipleOf: 4 }, { multipleOf: 6 }] }, [0, 12, -24], [4, 6, 8]],
      [{ type: 'integer', multipleOf: 0.25 }, [1, 2], []],
      [{ type: ['integer', 'null'], minimum: 2 }, [null, 2], [1, 2.5]],
      [{ type: 'number', format: 'int32' }, [2147483647, -2147483648], [2147483648, 1.5]],
    ]);

    it('writes no exponent, no negative zero and no leading zero', async () => {
      for (const text of ['1e3', '-0', '-0.0', '01', '1.', '.5', '+1']) {
        expect(await writes({ type: 'number' }, text), text).toBe(false);
      }
    });

    it.each([
      [{ type: 'number', multipleOf: 0.01 }, ['multipleOf']],
      [{ type: 'integer', multipleOf: 1001 }, ['multipleOf']],
    ])('leaves %j to the validator', (schema, unenforced) => {
      expect(schemaGrammar(schema).unenforced).toEqual(unenforced);
    });
  });

  describe('strings', () => {
    holds([
      [{ type: 'string' }, ['', 'é"\\\n\u0001😀\u2028', 'x'.repeat(512)], ['x'.repeat(513), 5]],
      [{ type: 'string', minLength: 2, maxLength: 4 }, ['ab', '"\\', '😀😀😀😀'], ['', 'a', '😀', 'abcde']],
      [{ type: 'string', minLength: 600 }, ['x'.repeat(600), 'x'.repeat(1112)], ['x'.repeat(599), 'x'.repeat(1113)]],
      [{ type: 'string', maxLength: 1000 }, ['x'.repeat(1000)], ['x'.repeat(1001)]],
      [{ type: 'string', maxLength: 0 }, [''], ['a']],
    ]);

    it('writes each string in one way only', async () => {
      const schema = { type: 'string' };
      for (const text of ['"\\u0061"', '"\\/"', '"\\u000a"', '"\n"', '"\\uD83D"'])
        expect(await writes(schema, text)).toBe(false);
      for (const text of ['"\\n"', '"\\u001f"', '"\\u0000"', '"/"'])
        expect(await writes(schema, text), text).toBe(true);
    });
  });

  describe('patterns', () => {
    const of = (pattern: string, others: object = {}) => ({ type: 'string', pattern, ...others });
    holds([
      [of('^[A-Z]{2}-\\d+$'), ['AB-1', 'ZZ-123'], ['AB-', 'xAB-1', 'AB-1x', 'ab-1']],
      [of('fox'), ['fox', 'a fox!'], ['fo', 'f ox', '']],
      [of('^a'), ['a', 'abc'], ['', 'ba']],
      [of('a$'), ['a', 'cba'], ['', 'ab']],
      [of('^a|b$'), ['ax', 'xb', 'ab'], ['xa', 'bx']],
      [of('^(a|b$)'), ['ax', 'b', 'a'], ['bx']],
      [of('(^x|y)z'), ['xz', 'ayzb', 'xzb'], ['axz', 'z']],
      [of('^(?:ab)?c{2,3}d*$'), ['cc', 'abccc', 'ccddd'], ['c', 'acc', 'cccc']],
      [of('^.$'), ['a', '"', '\\', '😀', '\t'], ['', '\n', '\u2028', 'ab']],
      [of('^[^a-c]$'), ['d', '"', '\n', 'é'], ['a', 'dd']],
      [of('^\\w\\d\\s$'), ['a1 ', '_0\n'], ['a1a', '-1 ']],
      [of('^\\W\\D\\S$'), ['-a-'], ['aaa', '-1-', '-a ']],
      [of('^\\p{Lu}\\P{L}[\\p{Nd}-]$'), ['É12', 'A--'], ['éa1', 'AAA']],
      [of('^["\\\\/\\n]+$'), ['"\\/\n'], ['a', '']],
      [of('^\\u{1F600}\\u00e9\\x41\\cJ$'), ['😀éA\n'], ['😀éA']],
      [of(''), ['', 'anything'], []],
      [of('^$'), [''], ['a']],
      [of('^(?<year>\\d{4})$'), ['2024'], ['24']],
      [of('^[a-z]+$', { minLength: 3, maxLength: 5 }), ['abc', 'abcde'], ['ab', 'abcdef', 'abC']],
      [of('^\\w+-\\w+$', { minLength: 4, maxLength: 5 }), ['ab-c', 'a-bcd'], ['a-b', 'ab-cde']],
      [of('^(ab)*$', { minLength: 3, maxLength: 5 }), ['abab'], ['ab', 'aba', 'ababab', 'ababa']],
      [of('^[a-z]{600}$'), ['x'.repeat(600)], ['x'.repeat(512)]],
      [of('^\\d', { allOf: [{ pattern: 'z$' }], maxLength: 4 }), ['1z', '12zz'], ['1', 'z', '123zz']],
    ]);

    it.each(['a.{30}b', '^.*a.{12}$', '(?=a)b', '(?!a)b', '(?<=a)b', '\\bword\\b', '(a)\\1', 'a^b', '(?:x|a$)b', '['])(
      'leaves the pattern %j to the validator',
      (pattern) => {
        expect(schemaGrammar({ type: 'string', pattern }).unenforced).toEqual(['pattern']);
      },
    );
  });

  it('keeps a pattern with many letters, or many places', () => {
    for (const pattern of [
      '^\\p{L}+(?: \\p{L}+)*$',
      '^.{0,500}$',
      '\\d{10}',
      'one.*two.*three',
      '^(?:[a-z]{0,50}-?){0,50}$',
    ]) {
      expect(schemaGrammar({ type: 'string', pattern }).unenforced, pattern).toEqual([]);
    }
  });

  describe('formats', () => {
    const of = (format: string) => ({ type: 'string', format });
    holds([
      [
        of('date'),
        ['2024-02-29', '2000-02-29', '1999-12-31'],
        ['2023-02-29', '1900-02-29', '2024-13-01', '2024-04-31'],
      ],
      [of('time'), ['23:59:59Z', '08:30:00.5+02:00'], ['24:00:00Z', '08:30:00', '8:30:00Z']],
      [of('date-time'), ['2024-02-29T12:00:00Z'], ['2024-02-30T12:00:00Z', '2024-02-29']],
      [of('duration'), ['P1D', 'PT5M', 'P1Y2M3DT4H5M6S', 'P2W'], ['P', 'PT', '1D', 'P1W2D']],
      [of('email'), ['a@b.co', 'x.y+z@mail.example.com'], ['a@b', '@b.co', 'a b@c.de', 'a..b@c.de']],
      [of('hostname'), ['localhost', 'a-b.example.com'], ['-a.com', 'a-.com', 'a..b']],
      [of('ipv4'), ['127.0.0.1', '255.255.255.255'], ['256.0.0.1', '1.2.3', '01.2.3.4']],
      [of('ipv6'), ['::1', '1::', '::', '1:2:3:4:5:6:7:8', '::ffff:1.2.3.4', 'fe80::1:2'], ['1::2::3', '1:2:3', ':1']],
      [of('uri'), ['https://a.b/c?d=e#f', 'mailto:a@b.c', 'urn:isbn:1'], ['a.b', '//a/b', 'https://a b']],
      [of('uuid'), ['123e4567-e89b-12d3-a456-426614174000'], ['123e4567', '123e4567e89b12d3a456426614174000']],
      [of('a format of our own'), ['anything'], []],
    ]);

    it('leaves what a grammar cannot say to the validator', () => {
      expect(schemaGrammar(of('regex')).unenforced).toEqual(['format']);
    });
  });

  describe('lists of values', () => {
    holds([
      [{ enum: ['a', 'a"b', 1, null, [1, { x: 2 }]] }, ['a', 'a"b', 1, null, [1, { x: 2 }]], ['b', 2, [1]]],
      [{ const: { a: 1, b: [true] } }, [{ a: 1, b: [true] }], [{ a: 1 }]],
      [{ enum: [1, 'two', 2.5, null], type: ['integer', 'string'] }, [1, 'two'], [2.5, null]],
      [{ enum: ['a', 'bb', 'ccc'], minLength: 2, pattern: '^.{2}$' }, ['bb'], ['a', 'ccc']],
      [{ enum: [1, 2, 3, 4], not: { const: 2 }, anyOf: [{ maximum: 1 }, { minimum: 3 }] }, [1, 3, 4], [2]],
      [{ allOf: [{ enum: [1, 2, 3] }, { enum: [2, 3, 4] }], maximum: 2 }, [2], [1, 3, 4]],
      [{ enum: [{ a: 1 }, { b: 1 }, [1], []], required: ['a'], minItems: 1 }, [{ a: 1 }, [1]], [{ b: 1 }, []]],
    ]);
  });

  describe('arrays', () => {
    holds([
      [{ type: 'array', items: { type: 'integer' } }, [[], [1], Array(32).fill(1)], [['a'], Array(33).fill(1)]],
      [
        { type: 'array', items: { type: 'null' }, minItems: 2, maxItems: 3 },
        [[null, null]],
        [[], [null], Array(4).fill(null)],
      ],
      [{ type: 'array', items: { type: 'null' }, minItems: 40 }, [Array(40).fill(null)], [Array(39).fill(null)]],
      [{ type: 'array', maxItems: 0 }, [[]], [[1]]],
      [{ type: 'array', items: false }, [[]], [[1]]],
      [
        { prefixItems: [{ type: 'integer' }, { type: 'string' }], type: 'array' },
        [[], [1], [1, 'a']],
        [['a'], [1, 2], [1, 'a', 1]],
      ],
      [
        { prefixItems: [{ type: 'integer' }], items: { type: 'null' }, type: 'array', minItems: 2, maxItems: 3 },
        [
          [1, null],
          [1, null, null],
        ],
        [[1], [null, null], [1, null, null, null]],
      ],
      [{ prefixItems: [{ type: 'integer' }, false], type: 'array' }, [[], [1]], [[1, 2]]],
      [
        { prefixItems: [{ type: 'integer' }], minItems: 3, maxItems: 3, type: 'array' },
        [[1, 'a', null]],
        [[1], ['a', 1, 1]],
      ],
      [
        { allOf: [{ prefixItems: [{ type: 'integer' }] }, { items: { maximum: 5 } }], type: 'array' },
        [[5], [1, 'a', 5]],
        [[6], [1, 6]],
      ],
      [{ contains: { const: 1 }, minContains: 0, type: 'array' }, [[2]], []],
    ]);

    it.each([
      [{ type: 'array', uniqueItems: true }, ['uniqueItems']],
      [{ type: 'array', uniqueItems: true, maxItems: 1 }, []],
      [{ type: 'array', contains: { const: 1 } }, ['contains']],
      [{ type: 'array', unevaluatedItems: false }, ['unevaluatedItems']],
    ])('of %j leaves %j to the validator', (schema, unenforced) => {
      expect(schemaGrammar(schema).unenforced).toEqual(unenforced);
    });
  });

  describe('objects', () => {
    const integer = { type: 'integer' };
    holds([
      [
        { type: 'object', properties: { a: integer, b: {} }, required: ['a'] },
        [{ a: 1 }, { a: 1, b: [] }],
        [{}, { b: 1 }, { a: '' }],
      ],
      [{ type: 'object', properties: { a: integer } }, [{}, { a: 1 }], [{ b: 1 }]],
      [{ type: 'object', required: ['a"\n', 'é'] }, [{ 'a"\n': 1, é: 2 }], [{ é: 1 }]],
      [{ type: 'object', properties: { a: integer, b: false } }, [{ a: 1 }], [{ b: 1 }]],
      [{ type: 'object', additionalProperties: integer }, [{}, { x: 1, y: 2 }], [{ x: 'a' }]],
      [
        { type: 'object', properties: { a: integer }, additionalProperties: { type: 'boolean' } },
        [{ a: 1, b: true }, { b: true }, { aa: true }],
        [{ a: true }, { b: 1 }, { b: true, a: true }],
      ],
      [{ type: 'object', additionalProperties: false }, [{}], [{ a: 1 }]],
      [{ type: 'object', additionalProperties: integer, maxProperties: 2 }, [{ a: 1, b: 1 }], [{ a: 1, b: 1, c: 1 }]],
      [{ type: 'object', additionalProperties: integer, minProperties: 1 }, [{ a: 1 }], [{}]],
      [
        { type: 'object', properties: { a: {}, b: {}, c: {} }, minProperties: 1, maxProperties: 2 },
        [{ a: 1 }, { a: 1, c: 1 }, { b: 1, c: 1 }],
        [{}, { a: 1, b: 1, c: 1 }],
      ],
      [
        { type: 'object', properties: { a: integer }, required: ['a'], minProperties: 2, maxProperties: 2 },
        [{ a: 1, x: 'y' }],
        [{ a: 1 }],
      ],
      [{ type: 'object', properties: { a: {} }, required: ['b'], minProperties: 2 }, [{ a: 1, b: 1 }], [{ b: 1 }]],
      [
        { type: 'object', patternProperties: { '^f': integer, o$: { maximum: 5 } } },
        [{ foo: 1 }, { f: 6 }, { xo: 'x' }, { f: 1, xo: 2 }],
        [{ foo: 6 }, { f: 'x' }, { xo: 9 }, { z: 1 }],
      ],
      [
        { type: 'object', properties: { foo: { minimum: 3 } }, patternProperties: { '^f': integer } },
        [{ foo: 3 }, { foo: 3, fx: 1 }],
        [{ foo: 2 }, { foo: 3.5 }],
      ],
      [{ type: 'object', propertyNames: { maxLength: 2 } }, [{ ab: 1 }], [{ abc: 1 }]],
      [
        { type: 'object', propertyNames: { enum: ['x', 'y'] }, additionalProperties: integer },
        [{ x: 1 }, { x: 1, y: 2 }],
        [{ z: 1 }],
      ],
      [{ type: 'object', properties: { ab: {}, abc: {} }, propertyNames: { maxLength: 2 } }, [{ ab: 1 }], [{ abc: 1 }]],
      [
        { type: 'object', properties: { a: integer, b: integer }, dependentRequired: { a: ['b'] } },
        [{}, { b: 1 }, { a: 1, b: 1 }],
        [{ a: 1 }],
      ],
      [
        {
          type: 'object',
          properties: { a: integer, b: integer },
          dependentSchemas: { a: { properties: { b: { minimum: 5 } } } },
        },
        [{ b: 1 }, { a: 1, b: 5 }, { a: 1 }],
        [{ a: 1, b: 4 }],
      ],
      [
        {
          allOf: [{ properties: { a: integer }, additionalProperties: false }, { properties: { b: integer } }],
          type: 'object',
        },
        [{ a: 1 }, {}],
        [{ b: 1 }, { a: 1, b: 1 }],
      ],
      [{ type: 'object', not: { required: ['a'] }, properties: { a: {}, b: {} } }, [{ b: 1 }, {}], [{ a: 1 }]],
    ]);

    it('writes properties in the order of the schema', async () => {
      const schema = { type: 'object', properties: { a: integer, b: integer } };
      expect(await writes(schema, '{"a": 1, "b": 2}')).toBe(true);
      expect(await writes(schema, '{"b": 2, "a": 1}')).toBe(false);
      expect(await writes(schema, '{"a":1,"b":2}')).toBe(false);
    });

    it('bounds what a schema leaves open', async () => {
      const names = (count: number) =>
        Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, null]));
      const schema = { type: 'object' };
      expect(await writes(schema, jsonText(names(8)))).toBe(true);
      expect(await writes(schema, jsonText(names(9)))).toBe(false);
      expect(await writes(schema, jsonText({ ['x'.repeat(64)]: 1 }))).toBe(true);
      expect(await writes(schema, jsonText({ ['x'.repeat(65)]: 1 }))).toBe(false);
      expect(await writes({}, '[[[1]]]')).toBe(true);
      expect(await writes({}, '[[[[1]]]]')).toBe(false);
    });

    it.each([
      [{ type: 'object', additionalProperties: true, minProperties: 2 }, ['minProperties']],
      [{ type: 'object', unevaluatedProperties: false }, ['unevaluatedProperties']],
    ])('of %j leaves %j to the validator', (schema, unenforced) => {
      expect(schemaGrammar(schema).unenforced).toEqual(unenforced);
    });

    it('leaves out other properties whose names it cannot say', async () => {
      const schema = { type: 'object', patternProperties: { '(?=a)': integer }, additionalProperties: integer };
      expect(await writes(schema, '{}')).toBe(true);
      expect(await writes(schema, '{"b": 1}')).toBe(false);
      expect(schemaGrammar(schema).unenforced).toEqual([]);
    });
  });

  describe('combinations', () => {
    holds([
      [true, [1, 'a', null, { a: [1] }], []],
      [{ anyOf: [{ type: 'integer' }, { type: 'string', maxLength: 2 }] }, [1, 'ab'], ['abc', null]],
      [{ anyOf: [{ minimum: 5 }, { multipleOf: 2 }], type: 'integer', maximum: 9 }, [2, 5, 9, -4], [3, 10]],
      [{ oneOf: [{ type: 'integer' }, { type: 'null' }] }, [1, null], ['a']],
      [{ oneOf: [{ enum: [1, 2] }, { const: 3 }] }, [1, 3], [4]],
      [{ oneOf: [{ maximum: 2 }, { minimum: 3 }], type: 'integer' }, [2, 3], []],
      [
        { allOf: [{ type: ['integer', 'string'] }, { type: ['number', 'null'] }, { minimum: 3 }] },
        [3],
        [2, 'a', null, 3.5],
      ],
      [
        { allOf: [{ maxLength: 5 }, { minLength: 2 }, { pattern: '^a' }], type: 'string' },
        ['ab', 'abcde'],
        ['a', 'bb', 'abcdef'],
      ],
      [{ not: { type: ['object', 'array', 'null', 'boolean', 'string'] } }, [1, 2.5], ['a', null, []]],
      [{ not: false, type: 'null' }, [null], [1]],
      [conditional(true), [1], ['a']],
      [{ $ref: '#/$defs/a', $defs: { a: { type: 'integer' } }, minimum: 4 }, [4], [3, 'a']],
      [{ $ref: '#here', $defs: { a: { $anchor: 'here', type: 'integer' } } }, [4], ['a']],
      [{ $id: 'http://x.y/z', $ref: 'part', $defs: { a: { $id: 'part', type: 'integer' } } }, [4], ['a']],
      [{ $ref: '#/$defs/a~1b%25', $defs: { 'a/b%': { type: 'integer' } } }, [4], ['a']],
      [
        {
          $schema: 'http://json-schema.org/draft-07/schema#',
          items: [{ type: 'integer' }],
          additionalItems: { type: 'null' },
          type: 'array',
        },
        [[], [1], [1, null]],
        [[null], [1, 1]],
      ],
      [
        {
          $schema: 'http://json-schema.org/draft-07/schema#',
          dependencies: { a: ['b'] },
          properties: { a: {}, b: {} },
          type: 'object',
        },
        [{ a: 1, b: 1 }, { b: 1 }],
        [{ a: 1 }],
      ],
    ]);

    it.each([
      [{ oneOf: [{ minimum: 2 }, { multipleOf: 3 }], type: 'integer' }, ['oneOf']],
      [{ oneOf: [{ maxLength: 3 }, { enum: [null, 'ab'] }], type: ['string', 'null'] }, ['oneOf']],
      [{ not: { const: 3 } }, ['not']],
      [conditional({ minimum: 3 }), ['if']],
      [{ $ref: 'http://elsewhere.org/schema' }, ['$ref']],
      [{ $dynamicRef: '#x', $dynamicAnchor: 'x' }, ['$dynamicRef']],
    ])('of %j leaves %j to the validator', (schema, unenforced) => {
      expect(schemaGrammar(schema).unenforced).toEqual(unenforced);
    });

    it('bounds how deep a schema is within itself', async () => {
      const schema = { type: 'object', properties: { next: { $ref: '#' } } };
      const nested = (depth: number): object => (depth === 0 ? {} : { next: nested(depth - 1) });
      expect(await writes(schema, jsonText(nested(5)))).toBe(true);
      expect(await writes(schema, jsonText(nested(6)))).toBe(false);
      expect(schemaGrammar(schema).unenforced).toEqual([]);
    });
  });

  it.each<JsonSchema>([
    false,
    { type: 'integer', minimum: 3, maximum: 2 },
    { type: 'integer', minimum: 1, maximum: 6, multipleOf: 7 },
    { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 0 },
    { type: 'string', minLength: 3, maxLength: 2 },
    { type: 'string', pattern: '^a{5}$', maxLength: 4 },
    { type: 'string', pattern: '^(ab)*$', minLength: 3, maxLength: 3 },
    { type: 'string', enum: [1, 2] },
    { allOf: [{ type: 'string' }, { type: 'integer' }] },
    { type: 'array', minItems: 2, maxItems: 1 },
    { type: 'array', items: false, minItems: 1 },
    { type: 'object', properties: { a: false }, required: ['a'] },
    { type: 'object', required: ['a', 'b'], maxProperties: 1 },
    { type: 'object', properties: { a: { $ref: '#' } }, required: ['a'] },
    { not: {} },
  ])('refuses %j, which no value satisfies', (schema) => {
    expect(() => schemaGrammar(schema)).toThrow(
      new RangeError('Expected a schema that some value satisfies, received one that none does'),
    );
  });

  it('refuses a reference to nothing', () => {
    expect(() => schemaGrammar({ $ref: '#/$defs/missing' })).toThrow(
      new RangeError('Expected `$ref` to lead to a part of the schema, received "#/$defs/missing"'),
    );
  });

  it('refuses a schema that refers to itself for the same value', () => {
    const schema = { enum: [1], allOf: [{ $ref: '#' }] };
    expect(() => schemaGrammar(schema)).toThrow(/Expected a schema that does not refer to itself for the same value/);
  });

  it('refuses a schema whose alternatives multiply', () => {
    const choice = { anyOf: [{ minimum: 1 }, { maximum: 2 }] };
    const allOf = Array.from({ length: 12 }, () => structuredClone(choice));
    expect(() => schemaGrammar({ allOf })).toThrow(/at most 1000 alternatives/);
  });

  it.each([
    [
      'a thousand properties',
      { type: 'object', properties: Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`k${n}`, {}])) },
    ],
    ['a thousand values', { enum: Array.from({ length: 1000 }, (_, n) => `value ${n}`) }],
    ['long strings', { type: 'string', minLength: 10_000, maxLength: 100_000 }],
    ['many items', { type: 'array', items: { type: 'string' }, minItems: 5000 }],
  ])('takes %s in its stride', async (_, schema) => {
    const began = performance.now();
    compiler.follow(schemaGrammar(schema).grammar);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
