import type { JsonSchema } from 'millrace';
import { describe, expect, it } from 'vitest';
import { schemaGrammar } from '../../../../src/backends/onnx/constraint/schema-grammar.ts';
import { jsonValidator } from '../../../../src/runtime/schema/json-validator.ts';
import { byteCompiler, byteVocabulary } from '../../../support/byte-vocabulary.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { randomSchema } from '../../../support/random-schema.ts';
import { randomWalk } from '../../../support/random-walk.ts';

const samples = [1, -3, 0, 2.5, '', 'a', 'ab', 'b', null, true, [], [1], [null], {}, { a: 1 }, { b: 'a' }, { c: null }];

const tryGrammar = (schema: JsonSchema) => {
  try {
    return schemaGrammar(schema);
  } catch (error) {
    if (/that some value satisfies/.test((error as Error).message)) return undefined;
    throw error;
  }
};

describe('any mixture of keywords', () => {
  it('is held where the grammar says so, and refused only where nothing satisfies it', async () => {
    const compiler = byteCompiler();
    let held = 0;
    let refused = 0;
    for (let seed = 0; seed < 400; seed++) {
      const schema = randomSchema(randomNumbers(seed * 31 + 7), 3);
      const issuesOf = jsonValidator(schema);
      const grammar = tryGrammar(schema);
      if (!grammar) {
        expect(samples.filter((value) => issuesOf(value).length === 0)).toEqual([]);
        refused++;
      } else if (grammar.unenforced.length === 0) {
        for (const walk of [1, 2, 3]) {
          const tokens = randomWalk(compiler.follow(grammar.grammar), byteVocabulary, seed * 101 + walk);
          const text = new TextDecoder().decode(Uint8Array.from(tokens));
          expect(issuesOf(JSON.parse(text)), `${text} for ${JSON.stringify(schema)}`).toEqual([]);
        }
        held++;
      }
    }
    expect(held).toBeGreaterThan(150);
    expect(refused).toBeGreaterThan(20);
  }, 60_000);
});
