import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../../src/runtime/json-schema.ts';
import { compileSchema } from '../../src/runtime/schema/compile-schema.ts';
import { knownFailures } from './json-schema-failures.ts';

const suite = '../shared/outside/json-schema';
const here = existsSync(suite);
if (!here) console.log(`skipped: ${suite} is not here`);

type Group = {
  readonly description: string;
  readonly schema: JsonSchema;
  readonly tests: readonly { readonly description: string; readonly data: unknown; readonly valid: boolean }[];
};

const failuresOf = async (draft: string, dialect: string): Promise<string[]> => {
  const failures: string[] = [];
  const folder = join(suite, 'tests', draft);
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()) {
    for (const group of JSON.parse(readFileSync(join(folder, file), 'utf8')) as Group[]) {
      const schema = typeof group.schema === 'boolean' ? group.schema : { $schema: dialect, ...group.schema };
      const outcome = await outcomeOf(schema, group.tests);
      failures.push(...outcome.map((failure) => `${file}: ${group.description}: ${failure}`));
    }
  }
  return failures;
};

const outcomeOf = async (schema: JsonSchema, tests: Group['tests']): Promise<string[]> => {
  const failures: string[] = [];
  try {
    const compiled = compileSchema(schema);
    for (const { description, data, valid } of tests) {
      if ((await lastValueFrom(compiled.validate(data))).valid !== valid) failures.push(description);
    }
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    failures.push('refused');
  }
  return failures;
};

describe.skipIf(!here)('the official test suite of JSON Schema', () => {
  it.each([
    ['draft7', 'http://json-schema.org/draft-07/schema#'],
    ['draft2020-12', 'https://json-schema.org/draft/2020-12/schema'],
  ] as const)('fails in %s where it is known to, and nowhere else', async (draft, dialect) => {
    const known = Object.values(knownFailures[draft]).flat();
    expect((await failuresOf(draft, dialect)).toSorted()).toEqual(known.toSorted());
  });
});
