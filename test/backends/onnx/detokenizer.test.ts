import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Detokenizer } from '../../../src/backends/onnx/detokenizer.ts';
import { TokenPieces } from '../../../src/backends/onnx/token-pieces.ts';
import { modelFolder, references } from '../../support/models.ts';

const read = (pieces: TokenPieces, ids: readonly number[], markers?: readonly string[]) => {
  const detokenizer = new Detokenizer(pieces, markers);
  return ids.map((id) => detokenizer.push(id));
};

const piecesOf = (name: string) =>
  TokenPieces.read(JSON.parse(readFileSync(`${modelFolder(name)}/tokenizer.json`, 'utf8')));

/** A tokenizer of single bytes, spelled as GPT-2 spells them. */
const bytes = TokenPieces.read({
  model: { vocab: { Ã: 0, '©': 1, ð: 2, Ł: 3, Ļ: 4, Ĥ: 5, aĠ: 6, ï: 7, '»': 8, '¿': 9 } },
  decoder: { type: 'ByteLevel' },
  added_tokens: [
    { id: 10, content: '<think>', special: true },
    { id: 11, content: '<note>', special: false },
  ],
});

describe('Detokenizer', () => {
  it('gives a character of several tokens with its last one', () => {
    expect(read(bytes, [0, 1])).toEqual(['', 'é']);
    expect(read(bytes, [6, 2, 3, 4, 5, 6])).toEqual(['a ', '', '', '', '🙂', 'a ']);
  });

  it('marks what is no character and goes on', () => {
    expect(read(bytes, [0, 6])).toEqual(['', '�a ']);
  });

  it('keeps a byte order mark in the middle of an answer', () => {
    expect(read(bytes, [6, 7, 8, 9, 6])).toEqual(['a ', '', '', '\ufeff', 'a ']);
  });

  it('leaves special tokens out unless they are asked for', () => {
    expect(read(bytes, [6, 10, 11, 99])).toEqual(['a ', '', '<note>', '']);
    expect(read(bytes, [6, 10], ['<think>'])).toEqual(['a ', '<think>']);
  });

  it.each([
    ['tiny-llama', 'byte-level'],
    ['tiny-gemma3', 'SentencePiece-like, with byte tokens'],
  ])('gives back the prompt of %s, which is %s', (name) => {
    const pieces = piecesOf(name);
    for (const { prompt, promptIds, chat } of references(name).filter(({ chat }) => !chat)) {
      expect(chat).toBe(false);
      expect(read(pieces, promptIds).join('')).toBe(prompt);
    }
  });

  it('gives no half of a character, whichever the tokens', () => {
    const pieces = piecesOf('tiny-gemma3');
    const { promptIds } = references('tiny-gemma3')[2] ?? { promptIds: [] };
    const texts = read(pieces, promptIds);
    expect(texts.filter((text) => text.includes('�'))).toEqual([]);
    expect(texts.filter((text) => /[🙂你好]/u.test(text)).length).toBeGreaterThan(0);
    expect(texts.filter((text) => text === '').length).toBeGreaterThan(0);
  });

  it('drops the space that some tokenizers put before the first word', () => {
    const pieces = TokenPieces.read({
      model: { vocab: { '▁Hello': 0, '▁world': 1 } },
      decoder: {
        type: 'Sequence',
        decoders: [
          { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
          { type: 'ByteFallback' },
          { type: 'Fuse' },
          { type: 'Strip', content: ' ', start: 1, stop: 0 },
        ],
      },
    });
    expect(read(pieces, [0, 1, 0])).toEqual(['Hello', ' world', ' Hello']);
    expect(new Detokenizer(pieces, [], true).push(0)).toBe(' Hello');
  });

  it('refuses a tokenizer whose tokens are no text of their own', () => {
    expect(() => TokenPieces.read({ model: { vocab: {} }, decoder: { type: 'WordPiece' } })).toThrow(/found WordPiece/);
    expect(() => TokenPieces.read({ model: { vocab: {} } })).toThrow(/found none/);
  });
});
