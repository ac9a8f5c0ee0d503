import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonSchema } from 'millrace';
import { describe, expect, it } from 'vitest';
import { acceptsValue } from '../../src/backends/onnx/constraint/schema/accepts-value.ts';
import { SchemaDocument } from '../../src/backends/onnx/constraint/schema/schema-document.ts';
import { schemaGrammar } from '../../src/backends/onnx/constraint/schema-grammar.ts';
import { jsonValidator } from '../../src/runtime/schema/json-validator.ts';
import { byteCompiler, isWritable } from '../support/byte-vocabulary.ts';

const suite = '../shared/outside/json-schema';
const here = existsSync(suite);
if (!here) console.log(`skipped: ${suite} is not here`);

type Test = { readonly description: string; readonly data: unknown; readonly valid: boolean };
type Group = { readonly description: string; readonly schema: JsonSchema; readonly tests: readonly Test[] };
type Case = Test & { readonly name: string; readonly schema: JsonSchema };

const dialects = {
  draft7: 'http://json-schema.org/draft-07/schema#',
  'draft2020-12': 'https://json-schema.org/draft/2020-12/schema',
} as const;

const casesOf = (draft: keyof typeof dialects): readonly Case[] => {
  const folder = join(suite, 'tests', draft);
  return readdirSync(folder)
    .sort()
    .flatMap((file) =>
      (JSON.parse(readFileSync(join(folder, file), 'utf8')) as Group[]).flatMap(({ description, schema, tests }) => {
        const whole = typeof schema === 'boolean' ? schema : { $schema: dialects[draft], ...schema };
        return tests.map((test) => ({ ...test, schema: whole, name: `${file}: ${description}: ${test.description}` }));
      }),
    );
};

/** All the texts of a value, as a model may write it: properties in any order, since each schema has its own. */
function* texts(value: unknown): Generator<string> {
  if (Array.isArray(value)) {
    for (const items of combinations(value.map((item) => [...texts(item)]))) yield `[${items.join(', ')}]`;
  } else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, inside]) =>
      [...texts(inside)].map((text) => `${JSON.stringify(key)}: ${text}`),
    );
    for (const order of orders(entries)) for (const some of combinations(order)) yield `{${some.join(', ')}}`;
  } else yield JSON.stringify(value);
}

function* combinations(lists: readonly (readonly string[])[]): Generator<readonly string[]> {
  const [first, ...others] = lists;
  if (!first) yield [];
  else for (const head of first) for (const tail of combinations(others)) yield [head, ...tail];
}

function* orders<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  if (items.length === 0) yield [];
  for (const item of items) for (const rest of orders(items.filter((other) => other !== item))) yield [item, ...rest];
}

const maps = ['$defs', 'definitions', 'dependencies', 'dependentSchemas', 'patternProperties', 'properties'];
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The same schema where every object and array says that more may follow, which ours have to say. */
const opened = (schema: unknown): JsonSchema => {
  const openAll = (map: object) => Object.fromEntries(Object.entries(map).map(([key, inside]) => [key, open(inside)]));
  const open = (inside: unknown): unknown => {
    if (Array.isArray(inside)) return inside.map(open);
    if (!isObject(inside)) return inside;
    const parts = Object.entries(inside).map(([key, part]) => [
      key,
      maps.includes(key) && isObject(part) ? openAll(part) : open(part),
    ]);
    const more = 'items' in inside && Array.isArray(inside.items) ? { additionalItems: true } : { items: true };
    const isArray = 'prefixItems' in inside || 'items' in inside;
    return { additionalProperties: true, ...(isArray && more), ...Object.fromEntries(parts) };
  };
  return open(schema) as JsonSchema;
};

describe.skipIf(!here)('the grammars of the official test suite of JSON Schema', () => {
  const compiler = byteCompiler();

  const known = new Map<JsonSchema, ReturnType<typeof schemaGrammar> | undefined>();

  /** `undefined` where a schema is refused, so that nothing can be written. */
  const grammarOf = (schema: JsonSchema) => {
    if (!known.has(schema)) known.set(schema, tryGrammar(schema));
    return known.get(schema);
  };

  const isAllowed = async (schema: JsonSchema, data: unknown): Promise<boolean> => {
    const grammar = grammarOf(schema)?.grammar;
    if (grammar === undefined) return false;
    for (const text of texts(data)) if (isWritable(compiler.follow(grammar), text)) return true;
    return false;
  };

  /** Why a value that the suite takes for valid cannot be written. */
  const excuse = async ({ schema, data }: Case): Promise<string> => {
    if (isRefusedByValidator(schema, data)) return 'the validator does not take it for valid';
    return (await isAllowed(opened(schema), data)) ? 'nothing is added to what a schema declares' : 'none';
  };

  describe.each(['draft7', 'draft2020-12'] as const)('in %s', (draft) => {
    it('allow nothing that is invalid, where they say that they hold everything', async () => {
      const held = casesOf(draft).filter(({ valid, schema }) => !valid && grammarOf(schema)?.unenforced.length === 0);
      const wrong: string[] = [];
      for (const { name, schema, data } of held) if (await isAllowed(schema, data)) wrong.push(name);
      expect(wrong).toEqual([]);
      expect(held.length).toBeGreaterThan(270);
    }, 60_000);

    it('forbid nothing that is valid, but for what the bounds say', async () => {
      const forbidden: Record<string, number> = {};
      for (const test of casesOf(draft).filter(({ valid }) => valid)) {
        if (await isAllowed(test.schema, test.data)) continue;
        const reason = await excuse(test);
        const key = reason === 'none' ? test.name : reason;
        forbidden[key] = (forbidden[key] ?? 0) + 1;
      }
      expect(forbidden).toEqual(expectedlyForbidden[draft]);
    }, 60_000);
  });
});

describe.skipIf(!here)('what is told of values before anything is written', () => {
  it.each(['draft7', 'draft2020-12'] as const)(
    'agrees with the suite in %s, but for keywords that it leaves out',
    (draft) => {
      const wrong = casesOf(draft).filter(({ schema, data, valid }) => {
        return acceptsValue(new SchemaDocument(schema), schema, data) !== valid;
      });
      const others = wrong.filter(
        ({ schema }) => !/"(unevaluated|\$dynamicRef|\$ref":"http|\$id)/.test(JSON.stringify(schema)),
      );
      expect(others.map(({ name }) => name)).toEqual(toldOtherwise[draft]);
    },
  );
});

/** What stands beside a `$ref` holds in draft-07 too, as it does for the validator. */
const toldOtherwise = {
  draft7: ['ref.json: ref overrides any sibling keywords: ref valid, maxItems ignored'],
  'draft2020-12': [],
};

/** How many valid values cannot be written, by the reason that is computed for each. */
const expectedlyForbidden = {
  draft7: {
    'nothing is added to what a schema declares': 20,
    'the validator does not take it for valid': 1,
  },
  'draft2020-12': {
    'nothing is added to what a schema declares': 29,
    'the validator does not take it for valid': 17,
  },
};

const tryGrammar = (schema: JsonSchema) => {
  try {
    return schemaGrammar(schema);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
};

const isRefusedByValidator = (schema: JsonSchema, data: unknown): boolean => {
  try {
    return jsonValidator(schema)(data).length > 0;
  } catch {
    return true;
  }
};
