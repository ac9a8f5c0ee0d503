import { beforeAll, describe, expect, it } from 'vitest';
import { GrammarCompiler } from '../../../../src/backends/onnx/constraint/grammar-compiler.ts';
import { stringFormats } from '../../../../src/backends/onnx/constraint/schema/string-formats.ts';
import { schemaGrammar } from '../../../../src/backends/onnx/constraint/schema-grammar.ts';
import { readVocabulary, type Vocabulary } from '../../../../src/backends/onnx/constraint/vocabulary.ts';
import { Detokenizer } from '../../../../src/backends/onnx/detokenizer.ts';
import { TokenPieces } from '../../../../src/backends/onnx/token-pieces.ts';
import type { JsonSchema } from '../../../../src/runtime/json-schema.ts';
import { jsonValidator } from '../../../../src/runtime/schema/json-validator.ts';
import { byteVocabulary } from '../../../support/byte-vocabulary.ts';
import { embeddedTokenizer, readTokenizer } from '../../../support/models.ts';
import { randomWalk } from '../../../support/random-walk.ts';
import { variedSchemas } from '../../../support/varied-schemas.ts';

const schemas: Readonly<Record<string, JsonSchema>> = {
  ...variedSchemas,
  ...Object.fromEntries(Object.keys(stringFormats).map((format) => [`format ${format}`, { type: 'string', format }])),
};

type Writer = { readonly vocabulary: Vocabulary; readonly read: (tokens: readonly number[]) => string };

const writerOf = (tokenizer: Readonly<Record<string, unknown>>, size: number): Writer => ({
  vocabulary: readVocabulary(tokenizer, size, [1]),
  read: (tokens) => {
    const detokenizer = new Detokenizer(new TokenPieces(tokenizer));
    return tokens.map((token) => detokenizer.push(token)).join('');
  },
});

const bytes: Writer = {
  vocabulary: byteVocabulary,
  read: (tokens) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(tokens)),
};

describe.each([
  ['bytes', () => bytes, 12],
  ['tiny-gemma3', () => writerOf(readTokenizer('tiny-gemma3'), 2048), 3],
  ['tiny-phi3', () => writerOf(readTokenizer('tiny-phi3'), 2048), 3],
  ['the embedded model', () => writerOf(embeddedTokenizer(), 49152), 1],
] as const)('what can be written in the tokens of %s', (_, make, rounds) => {
  let writer: Writer;
  let compiler: GrammarCompiler;

  beforeAll(async () => {
    writer = make();
    compiler = await GrammarCompiler.create(writer.vocabulary);
  });

  it.each(Object.keys(schemas))('satisfies the schema: %s', async (name) => {
    const schema = schemas[name] ?? false;
    const { grammar, unenforced } = schemaGrammar(schema);
    expect(unenforced).toEqual([]);
    const issues = jsonValidator(schema);
    for (let seed = 0; seed < rounds; seed++) {
      const tokens = await randomWalk(await compiler.compile(grammar), writer.vocabulary, seed * 7919 + name.length);
      const text = writer.read(tokens);
      expect(issues(JSON.parse(text)), text).toEqual([]);
    }
  });
});
