import { type FromSchema, type JsonSchema, tool } from 'millrace';
import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';

/** A value that matches a schema which is written in place. */
declare const matching: <const S extends JsonSchema | z.ZodType>(schema: S) => FromSchema<S>;

describe('FromSchema', () => {
  it('reads plain types', () => {
    expectTypeOf(matching({ type: 'string' })).toEqualTypeOf<string>();
    expectTypeOf(matching({ type: 'integer', minimum: 1 })).toEqualTypeOf<number>();
    expectTypeOf(matching({ type: ['string', 'null'] })).toEqualTypeOf<string | null>();
    expectTypeOf(matching({ type: 'string', nullable: true })).toEqualTypeOf<string | null>();
    expectTypeOf(matching({ type: 'boolean' })).toEqualTypeOf<boolean>();
    expectTypeOf(matching(true)).toEqualTypeOf<unknown>();
    expectTypeOf(matching(false)).toEqualTypeOf<never>();
    expectTypeOf(matching({})).toEqualTypeOf<unknown>();
    expectTypeOf(matching({ minLength: 1 })).toEqualTypeOf<unknown>();
  });

  it('reads constants', () => {
    expectTypeOf(matching({ type: 'string', enum: ['a', 'b'] })).toEqualTypeOf<'a' | 'b'>();
    expectTypeOf(matching({ enum: ['a', 1, null] })).toEqualTypeOf<'a' | 1 | null>();
    expectTypeOf(matching({ const: { a: [1, 2] } })).toEqualTypeOf<{ a: [1, 2] }>();
  });

  it('reads objects', () => {
    const person = { type: 'object', properties: { name: { type: 'string' }, age: { type: 'number' } } } as const;
    expectTypeOf<FromSchema<typeof person>>().toEqualTypeOf<{ name?: string; age?: number }>();
    expectTypeOf(matching({ ...person, required: ['name'] })).toEqualTypeOf<{ name: string; age?: number }>();
    expectTypeOf(matching({ ...person, required: ['name'], additionalProperties: false })).toEqualTypeOf<{
      name: string;
      age?: number;
    }>();
    expectTypeOf(matching({ ...person, required: ['id', 'name'] })).toEqualTypeOf<{
      name: string;
      age?: number;
      id: unknown;
    }>();
    expectTypeOf(matching({ type: 'object' })).toEqualTypeOf<{ [key: string]: unknown }>();
    expectTypeOf(matching({ type: 'object', additionalProperties: { type: 'number' } })).toEqualTypeOf<{
      [key: string]: number;
    }>();
    const open = matching({
      type: 'object',
      properties: { name: { type: 'string' } },
      required: ['name'],
      additionalProperties: { type: 'number' },
    });
    expectTypeOf(open.name).toEqualTypeOf<string>();
    expectTypeOf(open.other).toEqualTypeOf<string | number | undefined>();
    expectTypeOf(
      matching({ type: 'object', patternProperties: { '^x-': { type: 'boolean' } }, additionalProperties: false }),
    ).toEqualTypeOf<{ [key: string]: boolean }>();
  });

  it('reads arrays and tuples', () => {
    expectTypeOf(matching({ type: 'array' })).toEqualTypeOf<unknown[]>();
    expectTypeOf(matching({ type: 'array', items: { type: 'string' } })).toEqualTypeOf<string[]>();
    const pair = { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }] } as const;
    expectTypeOf(matching(pair)).toEqualTypeOf<[string?, number?, ...unknown[]]>();
    expectTypeOf(matching({ ...pair, items: false })).toEqualTypeOf<[string?, number?]>();
    expectTypeOf(matching({ ...pair, items: false, minItems: 2 })).toEqualTypeOf<[string, number]>();
    expectTypeOf(matching({ ...pair, items: { type: 'null' }, minItems: 1 })).toEqualTypeOf<
      [string, number?, ...null[]]
    >();
    expectTypeOf(
      matching({ type: 'array', items: [{ type: 'string' }], additionalItems: false, minItems: 1 }),
    ).toEqualTypeOf<[string]>();
  });

  it('reads alternatives and conjunctions', () => {
    expectTypeOf(matching({ anyOf: [{ type: 'string' }, { type: 'number' }] })).toEqualTypeOf<string | number>();
    expectTypeOf(matching({ oneOf: [{ const: 1 }, { const: 2 }] })).toEqualTypeOf<1 | 2>();
    const both = matching({
      allOf: [
        { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
        { type: 'object', properties: { b: { type: 'number' } } },
      ],
    });
    expectTypeOf(both).toExtend<{ a: string; b?: number }>();
    const shape = matching({
      oneOf: [
        { type: 'object', properties: { kind: { const: 'circle' }, r: { type: 'number' } }, required: ['kind', 'r'] },
        { type: 'object', properties: { kind: { const: 'dot' } }, required: ['kind'] },
      ],
    });
    expectTypeOf(shape).toEqualTypeOf<{ kind: 'circle'; r: number } | { kind: 'dot' }>();
  });

  it('gives the alternatives the type that stands around them', () => {
    const either = matching({
      type: 'object',
      anyOf: [
        { properties: { a: { type: 'string' } }, required: ['a'] },
        { properties: { b: { type: 'string' } }, required: ['b'] },
      ],
    });
    expectTypeOf(either).toExtend<{ a: string } | { b: string }>();
  });

  it('follows references, also in circles', () => {
    const tree = matching({
      $ref: '#/$defs/node',
      $defs: {
        node: {
          type: 'object',
          properties: { value: { type: 'number' }, children: { type: 'array', items: { $ref: '#/$defs/node' } } },
          required: ['value', 'children'],
        },
      },
    });
    type Tree = { value: number; children: Tree[] };
    expectTypeOf(tree).toExtend<Tree>();
    expectTypeOf(tree.children[0]?.children[0]?.value).toEqualTypeOf<number | undefined>();

    const list = matching({ type: 'array', items: { anyOf: [{ type: 'string' }, { $ref: '#' }] } });
    type List = (string | List)[];
    expectTypeOf(list).toExtend<List>();
    expectTypeOf(matching({ $ref: 'https://example.org/a' })).toEqualTypeOf<unknown>();
    expectTypeOf(matching({ $ref: '#/$defs/none' })).toEqualTypeOf<unknown>();
  });

  it('gives one flat object for an object whose properties stand in several places', () => {
    const contact = matching({
      type: 'object',
      properties: { name: { type: 'string' }, mail: { type: 'string' }, phone: { type: 'string' } },
      required: ['name'],
      anyOf: [{ required: ['mail'] }, { required: ['phone'] }],
    });
    expectTypeOf(contact).toEqualTypeOf<
      { name: string; mail: string; phone?: string } | { name: string; mail?: string; phone: string }
    >();
    const both = matching({
      type: 'object',
      allOf: [{ properties: { a: { type: 'string' } } }, { properties: { b: { type: 'null' } }, required: ['b'] }],
    });
    expectTypeOf(both).toEqualTypeOf<{ a?: string; b: null }>();
    const either = matching({
      type: ['object', 'null'],
      oneOf: [{ type: 'null' }, { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }],
    });
    expectTypeOf(either).toEqualTypeOf<{ a: string } | null>();
    // @ts-expect-error No alternative has it.
    contact.fax;
  });

  it('follows references in circles through records and through alternatives', () => {
    const record = matching({ anyOf: [{ type: 'string' }, { type: 'object', additionalProperties: { $ref: '#' } }] });
    expectTypeOf<{ a: { b: 'c' } }>().toExtend<typeof record>();
    expectTypeOf<{ a: { b: 1 } }>().not.toExtend<typeof record>();
    const rule = matching({
      type: 'object',
      oneOf: [
        { properties: { not: { $ref: '#' } }, required: ['not'] },
        { properties: { all: { type: 'array', items: { $ref: '#' } } }, required: ['all'] },
      ],
    });
    expectTypeOf<{ not: { all: [{ all: [] }] } }>().toExtend<typeof rule>();
    expectTypeOf<{ not: { all: [{ any: [] }] } }>().not.toExtend<typeof rule>();
    const pair = matching({
      type: 'object',
      properties: {
        both: { type: 'array', prefixItems: [{ $ref: '#' }, { type: 'null' }], items: false, minItems: 2 },
      },
      required: ['both'],
    });
    expectTypeOf(pair.both[0].both[1]).toEqualTypeOf<null>();
  });

  it('knows nothing of a schema whose type says nothing', () => {
    expectTypeOf<FromSchema<JsonSchema>>().toEqualTypeOf<unknown>();
    const widened = { type: 'string', enum: ['a'] };
    expectTypeOf(matching(widened)).toEqualTypeOf<string>();
    const object = { type: 'object', properties: { a: { type: 'string' } } };
    expectTypeOf(matching(object)).toEqualTypeOf<unknown>();
  });

  it('takes what a Standard Schema makes of a value', () => {
    const schema = z.object({ born: z.string().transform((text) => new Date(text)), age: z.number().default(3) });
    expectTypeOf(matching(schema)).toEqualTypeOf<{ born: Date; age: number }>();
    expectTypeOf(matching(z.enum(['a', 'b']))).toEqualTypeOf<'a' | 'b'>();
  });

  it('does not take one type for another', () => {
    // @ts-expect-error An optional property may be missing.
    expectTypeOf(matching({ type: 'object', properties: { a: { type: 'string' } } })).toEqualTypeOf<{ a: string }>();
    // @ts-expect-error Without a `type`, everything that is no object matches too.
    expectTypeOf(matching({ properties: { a: { type: 'string' } } })).toEqualTypeOf<{ a?: string }>();
  });
});

describe('tool', () => {
  it('types the arguments of execute by a JSON Schema', () => {
    const search = tool({
      name: 'search',
      parameters: {
        type: 'object',
        properties: { query: { type: 'string' }, sort: { enum: ['name', 'price'] } },
        required: ['query'],
      },
      execute: ({ query, sort }, { signal }) => {
        expectTypeOf(query).toEqualTypeOf<string>();
        expectTypeOf(sort).toEqualTypeOf<'name' | 'price' | undefined>();
        expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
      },
    });
    expectTypeOf(search.execute).parameter(0).toEqualTypeOf<{ query: string; sort?: 'name' | 'price' }>();
  });

  it('types the arguments of execute by a Standard Schema', () => {
    tool({
      name: 'weigh',
      parameters: z.object({ count: z.string().transform(Number) }),
      execute: ({ count }) => expectTypeOf(count).toEqualTypeOf<number>(),
    });
  });

  it('refuses an execute that takes other arguments', () => {
    tool({
      name: 'search',
      parameters: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
      // @ts-expect-error `query` is a string.
      execute: ({ query }: { query: number }) => query,
    });
  });
});
