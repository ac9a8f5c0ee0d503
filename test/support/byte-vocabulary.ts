import type { Follower } from '../../src/backends/onnx/constraint/follower.ts';
import { GrammarCompiler } from '../../src/backends/onnx/constraint/grammar-compiler.ts';
import type { Vocabulary } from '../../src/backends/onnx/constraint/vocabulary.ts';
import { maskOf } from './mask-of.ts';

const stop = 256;

/** One token for each byte, and one that ends the text: what it can write is exactly what a grammar allows. */
export const byteVocabulary: Vocabulary = {
  tokens: [...Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)), ''],
  size: 257,
  stopIds: [stop],
};

/** Whether a mask allows a token. */
export const allows = (mask: Int32Array, token: number): boolean =>
  ((mask[token >> 5] ?? 0) & (1 << (token & 31))) !== 0;

/** Compiles grammars for `byteVocabulary`. */
export const byteCompiler = (): GrammarCompiler =>
  new GrammarCompiler(byteVocabulary, (_, text) => [...new TextEncoder().encode(text)]);

/** Whether a fresh follower over `byteVocabulary` lets a text be written to its end. */
export const isWritable = (follower: Follower, text: string): boolean => {
  for (const token of [...new TextEncoder().encode(text), stop]) {
    if (!allows(maskOf(follower, byteVocabulary), token)) return false;
    follower.accept(token);
  }
  return follower.finished;
};
