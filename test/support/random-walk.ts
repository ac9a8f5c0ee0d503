import type { Follower } from '../../src/backends/onnx/constraint/follower.ts';
import type { Vocabulary } from '../../src/backends/onnx/constraint/vocabulary.ts';
import { allows } from './byte-vocabulary.ts';
import { maskOf } from './mask-of.ts';
import { randomNumbers } from './random-numbers.ts';

const mostTokens = 8000;

/**
 * Writes what a grammar allows, by chance, until it ends, and gives the tokens. What follows in any case is taken in
 * portions of up to five tokens. It leans towards plain characters and
 * towards what closes something, or texts would be long and unlike any that a model writes.
 */
export const randomWalk = (follower: Follower, vocabulary: Vocabulary, seed: number): number[] => {
  const random = randomNumbers(seed);
  const [stop = -1] = vocabulary.stopIds;
  const closing = vocabulary.tokens.map((text) => /^["\]}]/.test(text));
  const plain = vocabulary.tokens.map((text) => /^[ -~]+$/.test(text));
  const written: number[] = [];
  for (;;) {
    written.push(...follower.force(5));
    if (follower.finished) return written;
    const mask = maskOf(follower, vocabulary);
    if (allows(mask, stop) && random() < 0.5) return written;
    const allowed = idsOf(mask).filter((id) => id !== stop);
    const chance = random();
    const preferred = allowed.filter((id) => (chance < 0.3 ? closing[id] : chance < 0.9 && plain[id]));
    const among = preferred.length > 0 ? preferred : allowed;
    const token = among[Math.floor(random() * among.length)] ?? stop;
    follower.accept(token);
    if (token !== stop) written.push(token);
    if (written.length > mostTokens) throw new Error(`Expected a text that ends, received ${mostTokens} tokens`);
  }
};

const idsOf = (mask: Int32Array): number[] => {
  const ids: number[] = [];
  for (const [index, word] of mask.entries()) {
    for (let left = word; left !== 0; left &= left - 1) ids.push(index * 32 + 31 - Math.clz32(left & -left));
  }
  return ids;
};
