import { beforeAll, describe, expect, it } from 'vitest';
import type { EncodeAfter } from '../../../../src/backends/onnx/constraint/forced-tokens.ts';
import { GrammarCompiler } from '../../../../src/backends/onnx/constraint/grammar-compiler.ts';
import { stringFormats } from '../../../../src/backends/onnx/constraint/schema/string-formats.ts';
import { schemaGrammar } from '../../../../src/backends/onnx/constraint/schema-grammar.ts';
import { readVocabulary, type Vocabulary } from '../../../../src/backends/onnx/constraint/vocabulary.ts';
import { Detokenizer } from '../../../../src/backends/onnx/detokenizer.ts';
import { Tokenizer } from '../../../../src/backends/onnx/tokenizer.ts';
import type { JsonSchema } from '../../../../src/runtime/json-schema.ts';
import { jsonValidator } from '../../../../src/runtime/schema/json-validator.ts';
import { byteVocabulary } from '../../../support/byte-vocabulary.ts';
import { embeddedFolder, modelFolder } from '../../../support/models.ts';
import { randomWalk } from '../../../support/random-walk.ts';
import { variedSchemas } from '../../../support/varied-schemas.ts';

const schemas: Readonly<Record<string, JsonSchema>> = {
  ...variedSchemas,
  ...Object.fromEntries(Object.keys(stringFormats).map((format) => [`format ${format}`, { type: 'string', format }])),
};

type Writer = {
  readonly vocabulary: Vocabulary;
  readonly encode: EncodeAfter;
  readonly read: (tokens: readonly number[]) => string;
};

const writerOf = async (folder: string, size: number): Promise<Writer> => {
  const tokenizer = await Tokenizer.load(folder);
  return {
    vocabulary: readVocabulary(tokenizer.pieces, size, [1]),
    encode: (before, text) => tokenizer.encodeAfter(before, text),
    read: (tokens) => {
      const detokenizer = new Detokenizer(tokenizer.pieces);
      return tokens.map((token) => detokenizer.push(token)).join('');
    },
  };
};

const bytes: Writer = {
  vocabulary: byteVocabulary,
  encode: (_, text) => [...new TextEncoder().encode(text)],
  read: (tokens) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(tokens)),
};

describe.each([
  ['bytes', () => bytes, 12],
  ['tiny-gemma3', () => writerOf(modelFolder('tiny-gemma3'), 2048), 3],
  ['tiny-phi3', () => writerOf(modelFolder('tiny-phi3'), 2048), 3],
  ['the embedded model', () => writerOf(embeddedFolder, 49152), 1],
] as const)('what can be written in the tokens of %s', (_, make, rounds) => {
  let writer: Writer;
  let compiler: GrammarCompiler;

  beforeAll(async () => {
    writer = await make();
    compiler = new GrammarCompiler(writer.vocabulary, writer.encode);
  });

  it.each(Object.keys(schemas))('satisfies the schema: %s', (name) => {
    const schema = schemas[name] ?? false;
    const { grammar, unenforced } = schemaGrammar(schema);
    expect(unenforced).toEqual([]);
    const issues = jsonValidator(schema);
    for (let seed = 0; seed < rounds; seed++) {
      const tokens = randomWalk(compiler.follow(grammar), writer.vocabulary, seed * 7919 + name.length);
      const text = writer.read(tokens);
      expect(issues(JSON.parse(text)), text).toEqual([]);
    }
  });
});
