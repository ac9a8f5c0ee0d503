import type { CacheNumbers } from './cache-tensor.ts';
import { fromHalf } from './half.ts';
import type { Work } from './work.ts';

/** Scores as a run gives them: of each of some neighbouring places the rows of its last tokens. */
export type RawScores = {
  readonly numbers: CacheNumbers;
  /** The first of the places. */
  readonly first: number;
  /** Rows of each place. */
  readonly each: number;
};

/** The rows that some works keep, one after the other, at the beginning of `raw.numbers` or of an array of its own. */
export const scoreRows = (raw: RawScores, works: readonly Work[], vocabulary: number): Float32Array => {
  const { numbers, first, each } = raw;
  const total = works.reduce((sum, { keep }) => sum + keep, 0) * vocabulary;
  const rows = numbers instanceof Float32Array ? numbers : new Float32Array(total);
  let at = 0;
  for (const { slot, keep } of works) {
    const from = ((slot - first + 1) * each - keep) * vocabulary;
    const count = keep * vocabulary;
    if (rows === numbers) rows.copyWithin(at, from, from + count);
    else copyHalves(numbers, from, rows, at, count);
    at += count;
  }
  return rows.subarray(0, total);
};

const copyHalves = (source: CacheNumbers, from: number, target: Float32Array, to: number, count: number): void => {
  const bits = source instanceof Uint16Array;
  for (let index = 0; index < count; index++) {
    const value = source[from + index] as number;
    target[to + index] = bits ? fromHalf(value) : value;
  }
};
