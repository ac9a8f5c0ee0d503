import type { Work } from '../work.ts';

type Run = (works: readonly Work[]) => Promise<Float32Array>;

/** As many tokens as are enough for the rounding of 8-bit numbers to fade; of a few, it can change the scores altogether. */
const ids = Array.from({ length: 65 }, (_, index) => 100 + index);
const work: Work = { slot: 0, from: 0, ids, keep: 1 };

/**
 * Whether a run function gives the scores of another, as far as numbers of 8 bits and of single precision agree: on the
 * embedded model they correlate to 0.999, and those of unrelated prompts to 0.5 at most.
 */
export const isFaithful = async (run: Run, other: Run): Promise<boolean> => {
  // Scores are valid until the next run only.
  const scores = (await run([work])).slice();
  return correlation(scores, await other([work])) > 0.98;
};

const correlation = (one: Float32Array, other: Float32Array): number => {
  const [mean, otherMean] = [average(one), average(other)];
  let [product, square, otherSquare] = [0, 0, 0];
  for (let index = 0; index < one.length; index++) {
    const [x, y] = [(one[index] as number) - mean, (other[index] as number) - otherMean];
    product += x * y;
    square += x * x;
    otherSquare += y * y;
  }
  return product / Math.sqrt(square * otherSquare);
};

const average = (numbers: Float32Array): number => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
