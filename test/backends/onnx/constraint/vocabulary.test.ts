import { describe, expect, it } from 'vitest';
import { readVocabulary } from '../../../../src/backends/onnx/constraint/vocabulary.ts';
import { TokenPieces } from '../../../../src/backends/onnx/token-pieces.ts';
import { readTokenizer, referenceModels, references, specialTokens } from '../../../support/models.ts';

const text = (bytes: string) => new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));

describe('readVocabulary', () => {
  it.each(referenceModels)('reads the bytes of the tokens of %s as its reference decodes them', (model) => {
    const { tokens } = readVocabulary(TokenPieces.read(readTokenizer(model)), 2048, []);
    for (const { greedyIds, greedyText } of references(model)) {
      const shown = specialTokens(model).reduce((rest, token) => rest.replaceAll(token, ''), greedyText);
      expect(text(greedyIds.map((id) => tokens[id]).join(''))).toBe(shown);
    }
  });

  it.each(referenceModels)('gives the special tokens of %s no bytes', (model) => {
    const tokenizer = readTokenizer(model);
    const { tokens } = readVocabulary(TokenPieces.read(tokenizer), 2048, []);
    const written = specialTokens(model).map((token) => tokens[idOf(tokenizer, token)]);
    expect(written).toEqual(written.map(() => ''));
  });

  it('can write every byte', () => {
    for (const model of referenceModels) {
      const { tokens } = readVocabulary(TokenPieces.read(readTokenizer(model)), 2048, []);
      const single = new Set(tokens.filter((bytes) => bytes.length === 1));
      expect(single.size, model).toBeGreaterThanOrEqual(243);
    }
  });

  it('has as many tokens as there are scores', () => {
    const { tokens, size } = readVocabulary(TokenPieces.read(readTokenizer('tiny-llama')), 2100, []);
    expect([tokens.length, size]).toEqual([2100, 2100]);
    expect(tokens.slice(2048).every((bytes) => bytes === '')).toBe(true);
  });
});

const idOf = (tokenizer: Readonly<Record<string, unknown>>, token: string): number =>
  (tokenizer.added_tokens as { id: number; content: string }[]).find(({ content }) => content === token)?.id ?? -1;
