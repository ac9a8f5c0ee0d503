import { maskWords } from '../../src/backends/onnx/constraint/allow.ts';
import type { Follower } from '../../src/backends/onnx/constraint/follower.ts';
import type { Vocabulary } from '../../src/backends/onnx/constraint/vocabulary.ts';

/** What may come next in an answer that is followed. */
export const maskOf = (follower: Follower, { size }: Pick<Vocabulary, 'size'>): Int32Array => {
  // Whatever stood there before is written over.
  const mask = new Int32Array(maskWords(size)).fill(-1);
  follower.writeMask(mask);
  return mask;
};
