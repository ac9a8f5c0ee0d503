import { marbles } from 'millrace/testing';
import { lastValueFrom, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { JsonSchema } from '../../../src/runtime/json-schema.ts';
import { compileSchema } from '../../../src/runtime/schema/compile-schema.ts';
import type { Validation } from '../../../src/runtime/schema/validation.ts';
import type { SchemaIssue } from '../../../src/runtime/schema-error.ts';

const now = <T>(result: Observable<T>): T | undefined => {
  let value: T | undefined;
  result.subscribe((next) => {
    value = next;
  });
  return value;
};

const issues = (schema: JsonSchema, value: unknown): readonly SchemaIssue[] => {
  const found = now(compileSchema(schema).validate(value)) as Validation<unknown>;
  return found.valid ? [] : found.issues;
};

const nested = (levels: number, wrap: (inner: unknown) => unknown): unknown => {
  let schema: unknown = { type: 'string' };
  for (let level = 0; level < levels; level++) schema = wrap(schema);
  return schema;
};

const within = (milliseconds: number, body: () => void): void => {
  const start = performance.now();
  body();
  expect(performance.now() - start).toBeLessThan(milliseconds);
};

describe('compileSchema', () => {
  it(
    'answers at once',
    marbles(({ expectObservable }) => {
      const { validate } = compileSchema({ type: 'integer' });
      expectObservable(validate(1)).toBe('(x|)', { x: { valid: true, value: 1 } });
    }),
  );

  it('finds all issues, with their places', () => {
    const schema = {
      type: 'object',
      properties: { kind: { enum: ['a', 'b'] }, 'a/b': { items: { type: 'integer' } }, fix: { const: 1 } },
      required: ['name'],
      additionalProperties: false,
    };
    expect(issues(schema, { kind: 'c', 'a/b': [1, 'x'], fix: 2, more: 1 })).toEqual([
      { path: '', message: "must have required property 'name'" },
      { path: '', message: 'must NOT have additional properties: "more"' },
      { path: '/kind', message: 'must be equal to one of the allowed values: "a", "b"' },
      { path: '/a~1b/1', message: 'must be integer' },
      { path: '/fix', message: 'must be equal to constant: 1' },
    ]);
  });

  it('names twenty issues at most', () => {
    expect(issues({ items: { type: 'string' } }, Array(100).fill(1))).toHaveLength(20);
  });

  it('reads the draft that `$schema` names, and 2020-12 without', () => {
    const tuple = { items: [{ type: 'string' }], additionalItems: false };
    expect(issues({ $schema: 'http://json-schema.org/draft-07/schema#', ...tuple }, ['a', 'b'])).toHaveLength(1);
    expect(() => compileSchema(tuple)).toThrow(
      'Expected a JSON Schema, received one where /items must be object,boolean',
    );
    expect(issues({ prefixItems: [{ type: 'string' }], items: false }, ['a', 'b'])).toHaveLength(1);
    expect(() => compileSchema({ $schema: 'http://json-schema.org/draft-04/schema#' })).toThrow(
      'Expected `$schema` to be "https://json-schema.org/draft/2020-12/schema" or',
    );
  });

  it.each([
    ['date', '2026-02-28', '2026-02-30'],
    ['time', '12:30:00Z', '25:00:00Z'],
    ['date-time', '2026-02-28T12:30:00Z', '2026-02-28'],
    ['email', 'ada@example.org', 'ada@'],
    ['uri', 'https://example.org/a', 'example'],
    ['uuid', '123e4567-e89b-12d3-a456-426614174000', '123e4567'],
    ['ipv4', '127.0.0.1', '256.0.0.1'],
    ['ipv6', '::1', ':::'],
    ['hostname', 'example.org', '-example'],
  ])('checks the format %s', (format, right, wrong) => {
    expect(issues({ type: 'string', format }, right)).toEqual([]);
    expect(issues({ type: 'string', format }, wrong)).toEqual([{ path: '', message: `must match format "${format}"` }]);
  });

  it('takes keywords and formats that it does not know for annotations', () => {
    expect(issues({ type: 'string', format: 'colour', 'x-note': 1 }, 'red')).toEqual([]);
  });

  it('counts only properties of the value itself', () => {
    expect(issues({ required: ['toString'] }, {})).toHaveLength(1);
    expect(issues({ additionalProperties: false, properties: {} }, JSON.parse('{"constructor": 1}'))).toHaveLength(1);
  });

  it('tells equal items by their content', () => {
    const schema = { uniqueItems: true };
    expect(
      issues(schema, [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ]),
    ).toEqual([{ path: '', message: 'must NOT have duplicate items' }]);
    expect(issues(schema, [1, '1', true, 'true', null, 'null', [1], ['1'], {}, { a: [] }])).toEqual([]);
    expect(issues({ uniqueItems: false }, [1, 1])).toEqual([]);
    within(2000, () =>
      issues(
        schema,
        Array.from({ length: 20_000 }, (_, index) => ({ a: { b: index } })),
      ),
    );
  });

  it('follows references, also in circles that the value ends', () => {
    const tree = {
      type: 'object',
      properties: { left: { $ref: '#' }, value: { $ref: '#/$defs/value' } },
      $defs: { value: { type: 'number' } },
    };
    expect(issues(tree, { left: { left: { value: 1 } } })).toEqual([]);
    expect(issues(tree, { left: { left: { value: 'x' } } })).toEqual([
      { path: '/left/left/value', message: 'must be number' },
    ]);
  });

  it('keeps the `$id`s of one schema from another', () => {
    const named = (type: string) => ({ $id: 'https://example.org/x', properties: { a: { $id: 'y', type } } });
    expect(issues(named('string'), { a: 'x' })).toEqual([]);
    expect(issues(named('number'), { a: 1 })).toEqual([]);
  });

  it('is done once per schema, and is not moved by changes', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    const compiled = compileSchema(schema);
    schema.properties.a.type = 'number';
    expect(compileSchema(schema)).toBe(compiled);
    expect(compiled.json).toEqual({ type: 'object', properties: { a: { type: 'string' } } });
    expect(now(compiled.validate({ a: 'x' }))?.valid).toBe(true);
  });

  it('takes the schemas `true` and `false`', () => {
    expect(issues(true, 1)).toEqual([]);
    expect(issues(false, 1)).toHaveLength(1);
  });

  describe('with a schema of zod', () => {
    const schema = z.object({ born: z.string().transform((text) => new Date(text)), age: z.number().default(3) });

    it('gives what the transformations make', () => {
      const { json, validate } = compileSchema(schema);
      expect(json).toMatchObject({ type: 'object', properties: { born: { type: 'string' } }, required: ['born'] });
      expect(now(validate({ born: '2026-01-01' }))).toEqual({
        valid: true,
        value: { born: new Date('2026-01-01'), age: 3 },
      });
    });

    it('checks its JSON Schema first, then what only zod knows', () => {
      const even = z.object({ 'a/b': z.array(z.number().refine((n) => n % 2 === 0, 'must be even')) });
      const { validate } = compileSchema(even);
      expect(now(validate({ 'a/b': ['x'] }))).toEqual({
        valid: false,
        issues: [{ path: '/a~1b/0', message: 'must be number' }],
      });
      expect(now(validate({ 'a/b': [2, 3] }))).toEqual({
        valid: false,
        issues: [{ path: '/a~1b/1', message: 'must be even' }],
      });
    });

    it('waits for a check that takes time', async () => {
      const { validate } = compileSchema(z.string().refine(async (text) => text === 'yes', 'must be yes'));
      expect(now(validate('yes'))).toBeUndefined();
      expect(await lastValueFrom(validate('yes'))).toEqual({ valid: true, value: 'yes' });
      expect(await lastValueFrom(validate('no'))).toEqual({
        valid: false,
        issues: [{ path: '', message: 'must be yes' }],
      });
    });

    it('takes every format of zod', () => {
      const formats = [
        z.email(),
        z.url(),
        z.uuid(),
        z.ipv4(),
        z.ipv6(),
        z.iso.date(),
        z.iso.time(),
        z.iso.datetime(),
        z.iso.duration(),
      ];
      for (const format of [
        ...formats,
        z.base64(),
        z.jwt(),
        z.nanoid(),
        z.cuid2(),
        z.ulid(),
        z.emoji(),
        z.e164(),
        z.cidrv4(),
        z.cidrv6(),
        z.hostname(),
      ]) {
        expect(() => compileSchema(format)).not.toThrow();
      }
    });

    it('refuses what JSON Schema cannot express', () => {
      expect(() => compileSchema(z.date())).toThrow(
        'Expected a schema that JSON Schema can express, received one of zod that it cannot: Date cannot be represented',
      );
    });

    it('refuses a Standard Schema that cannot give its JSON Schema', () => {
      const bare = { '~standard': { version: 1, vendor: 'bare', validate: (value: unknown) => ({ value }) } };
      expect(() => compileSchema(bare as never)).toThrow(
        'Expected a Standard Schema that can give its JSON Schema, received one of bare that cannot: update the library, or pass the JSON Schema itself',
      );
    });
  });

  it.each([
    [null, 'Expected a schema to be a JSON Schema or a Standard Schema, received null'],
    ['string', 'Expected a schema to be a JSON Schema or a Standard Schema, received "string"'],
    [[], 'Expected a schema to be a JSON Schema or a Standard Schema, received an array of 0'],
    [
      { type: 'text' },
      'Expected a JSON Schema, received one where /type must be equal to one of the allowed values: "array"',
    ],
    [{ properties: { a: { minLength: -1 } } }, 'received one where /properties/a/minLength must be >= 0'],
    [{ pattern: '(' }, 'received one that cannot: Invalid regular expression'],
    [{ $ref: '#/$defs/a' }, "can't resolve reference #/$defs/a from id #: put what it refers to into `$defs`"],
    [{ $ref: 'https://example.org/a' }, "can't resolve reference https://example.org/a"],
    [
      { $async: true, type: 'string' },
      'Expected a schema that is checked at once, received one with `$async`: leave it out',
    ],
    [{ properties: { a: { $async: true, type: 'string' } } }, 'async schema in sync schema'],
    [{ default: Symbol('x') }, 'Expected a schema to be JSON, received Symbol(x) at /default'],
    [{ default: Number.NaN }, 'Expected a schema to be JSON, received NaN at /default'],
  ])('refuses what is no schema: %o', (schema, message) => {
    expect(() => compileSchema(schema as never)).toThrow(TypeError);
    expect(() => compileSchema(schema as never)).toThrow(message);
  });

  const circle: { properties: Record<string, unknown> } = { properties: {} };
  circle.properties.self = circle;
  const fork = Array.from({ length: 40 }, (_, index) => [
    `d${index}`,
    { allOf: [{ $ref: `#/$defs/d${index + 1}` }, { $ref: `#/$defs/d${index + 1}` }] },
  ]);

  it.each([
    [
      'a catastrophic pattern',
      { properties: { a: { pattern: '^(a+)+$' } } },
      'a pattern that is matched quickly, received "^(a+)+$", whose time grows exponentially',
    ],
    [
      'a catastrophic key of patternProperties',
      { patternProperties: { '(a|aa)+$': {} } },
      'whose time grows exponentially',
    ],
    ['a pattern of a high power', { pattern: '^a*a*a*a*a*$' }, 'whose time grows as its power of 5'],
    [
      'a pattern too large to be judged',
      { pattern: '(((a{24}){24}){24}){24}' },
      'received too much at "(((a{24}){24}){24}){24}": shorten it',
    ],
    ['a catastrophic pattern of a schema of zod', z.string().regex(/^(a+)+$/), 'whose time grows exponentially'],
    ['megabytes of text', { description: 'x'.repeat(1_000_000) }, 'received one of more than 256 kB: split it'],
    ['megabytes of parts', { anyOf: Array(100_000).fill(true) }, 'received one of more than 2000 parts'],
    ['an object that holds itself', circle, 'received a deeper one, or one that holds itself: use `$ref`'],
    ['a tower of levels', nested(1000, (inner) => ({ not: inner })), 'Expected a schema of at most 100 levels'],
    [
      'a tower of shared parts',
      nested(40, (inner) => ({ anyOf: [inner, inner] })),
      'received one of more than 2000 parts',
    ],
    [
      'a reference to itself',
      { $ref: '#' },
      'whose references lead back to themselves, or multiply, on the same value',
    ],
    [
      'references that multiply',
      { $ref: '#/$defs/d0', $defs: { ...Object.fromEntries(fork), d40: {} } },
      'or multiply, on the same value',
    ],
  ])('refuses %s, quickly', (_, schema, message) => {
    within(4000, () => {
      expect(() => compileSchema(schema as never)).toThrow(RangeError);
    });
    expect(() => compileSchema(schema as never)).toThrow(message);
  });

  it.each([
    ['a steep pattern', { pattern: '^.*a.*a.*b$' }, 'a'.repeat(100_000)],
    ['many texts for a steep pattern', { items: { pattern: '^.*a.*a.*b$' } }, Array(1000).fill('a'.repeat(900))],
    [
      'references that multiply with the depth',
      {
        type: 'object',
        anyOf: [{ properties: { a: { $ref: '#' } }, required: ['b'] }, { properties: { a: { $ref: '#' } } }],
      },
      nested(60, (a) => ({ a })),
    ],
    ['a deep tower', { properties: { a: { $ref: '#' } } }, nested(100_000, (a) => ({ a }))],
  ])('gives up on a value that takes too long: %s', (_, schema, value) => {
    const long = [{ path: '', message: 'takes too long to check: it is too long, or too deep' }];
    within(4000, () => expect(issues(schema, value)).toEqual(long));
  });

  it.each([
    [
      'properties',
      {
        type: 'object',
        properties: Object.fromEntries(Array.from({ length: 1900 }, (_, index) => [`p${index}`, { type: 'string' }])),
      },
    ],
    ['alternatives', { oneOf: Array.from({ length: 600 }, (_, index) => ({ properties: { [`p${index}`]: {} } })) }],
    [
      'conditions',
      {
        unevaluatedProperties: false,
        allOf: Array.from({ length: 600 }, (_, index) => ({ properties: { [`p${index}`]: {} } })),
      },
    ],
    ['values', { enum: Array.from({ length: 15_000 }, (_, index) => `value ${index}`) }],
  ])('takes a large schema of many %s, and not for long', (_, schema) => {
    within(4000, () => expect(issues(schema, {})).toBeDefined());
  });
});
