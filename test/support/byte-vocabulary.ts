import type { TokenConstraint } from '../../src/backends/onnx/constraint/token-constraint.ts';
import type { Vocabulary } from '../../src/backends/onnx/constraint/vocabulary.ts';

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

/** Whether a fresh constraint over `byteVocabulary` lets a text be written to its end. */
export const isWritable = async (constraint: TokenConstraint, text: string): Promise<boolean> => {
  for (const token of [...new TextEncoder().encode(text), stop]) {
    if (!allows(await constraint.mask(), token)) return false;
    constraint.accept(token);
  }
  return constraint.finished;
};
