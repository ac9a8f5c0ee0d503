import type { Sampling } from '../../runtime/sampling.ts';
import { ModelError } from './model-error.ts';
import { Random } from './random.ts';

/** Room for the weights of one model's vocabulary; used within one call only, so one serves every sampler. */
let weights = new Float64Array(0);

/**
 * Draws one token from a model's scores. `temperature` is applied first, then `topK`, `topP` of what that leaves, and
 * `minP`. A temperature of 0, the default, takes the likeliest token and draws nothing.
 */
export class Sampler {
  readonly #temperature: number;
  readonly #topK: number;
  readonly #topP: number;
  readonly #minP: number;
  readonly #random: Random;

  constructor({ temperature = 0, topK = Number.POSITIVE_INFINITY, topP = 1, minP = 0, seed }: Sampling) {
    this.#temperature = temperature;
    this.#topK = topK;
    this.#topP = topP;
    this.#minP = minP;
    this.#random = new Random(seed);
  }

  /**
   * The index of the score that was drawn.
   *
   * @param scores Logits, or log-probabilities.
   * @param mask Bit `i % 32` of word `i >> 5` tells whether `i` may be drawn. Everything may by default.
   */
  sample(scores: Float32Array, mask?: Int32Array): number {
    const likeliest = argmax(scores, mask);
    if (likeliest < 0) throw new ModelError('Expected a token that may follow, found none among the scores');
    return this.#temperature === 0 ? likeliest : this.#draw(scores, scores[likeliest] as number, mask);
  }

  #draw(scores: Float32Array, highest: number, mask: Int32Array | undefined): number {
    const total = this.#weigh(scores, highest, mask);
    const least = this.#minP;
    const unlimited = this.#topK >= scores.length && this.#topP >= 1;
    if (unlimited && least === 0) return pick(this.#random.next() * total, scores.length, (index) => index);

    const kept = unlimited ? above(scores.length, least) : this.#likeliest(scores.length, total);
    const candidates = kept.filter((index) => (weights[index] as number) >= least);
    const sum = candidates.reduce((partial, index) => partial + (weights[index] as number), 0);
    return pick(this.#random.next() * sum, candidates.length, (place) => candidates[place] as number);
  }

  /** Puts `exp((score - highest) / temperature)` into `weights`: 1 for the likeliest token, 0 for what is masked. */
  #weigh(scores: Float32Array, highest: number, mask: Int32Array | undefined): number {
    if (weights.length < scores.length) weights = new Float64Array(scores.length);
    let total = 0;
    for (let index = 0; index < scores.length; index++) {
      const allowed = mask === undefined || ((mask[index >> 5] as number) >>> (index & 31)) & 1;
      const weight = allowed ? Math.exp(((scores[index] as number) - highest) / this.#temperature) : 0;
      weights[index] = weight;
      total += weight;
    }
    return total;
  }

  /** The likeliest tokens within `topK` and `topP`, likeliest first. */
  #likeliest(length: number, total: number): number[] {
    // Only the head of the distribution is sorted: the bar falls until what lies above it is enough.
    for (let bar = 1e-2; ; bar = bar < 1e-12 ? 0 : bar / 100) {
      const head = above(length, bar).sort((one, other) => (weights[other] as number) - (weights[one] as number));
      const limited = head.slice(0, this.#topK);
      const within = limited.length === this.#topK ? sum(limited) : total;
      const count = nucleus(limited, this.#topP * within);
      if (limited.length === this.#topK || count < limited.length || bar === 0) return limited.slice(0, count);
    }
  }
}

const argmax = (scores: Float32Array, mask: Int32Array | undefined): number => {
  let best = -1;
  let highest = Number.NEGATIVE_INFINITY;
  if (mask === undefined) {
    for (let index = 0; index < scores.length; index++) {
      const score = scores[index] as number;
      if (score > highest) {
        highest = score;
        best = index;
      }
    }
    return best;
  }
  for (let word = 0; word < mask.length; word++) {
    for (let bits = mask[word] as number; bits !== 0; bits &= bits - 1) {
      const index = (word << 5) + 31 - Math.clz32(bits & -bits);
      const score = scores[index] as number;
      if (score > highest) {
        highest = score;
        best = index;
      }
    }
  }
  return best;
};

const above = (length: number, bar: number): number[] => {
  const indices: number[] = [];
  for (let index = 0; index < length; index++) {
    const weight = weights[index] as number;
    if (weight >= bar && weight > 0) indices.push(index);
  }
  return indices;
};

const sum = (indices: readonly number[]): number =>
  indices.reduce((partial, index) => partial + (weights[index] as number), 0);

/** How many of the likeliest it takes to reach a sum. */
const nucleus = (indices: readonly number[], wanted: number): number => {
  let partial = 0;
  for (let count = 0; count < indices.length; count++) {
    if (partial >= wanted) return count;
    partial += weights[indices[count] as number] as number;
  }
  return indices.length;
};

/** The place where running along the weights reaches `target`. */
const pick = (target: number, length: number, at: (place: number) => number): number => {
  let left = target;
  let last = at(0);
  for (let place = 0; place < length; place++) {
    const index = at(place);
    const weight = weights[index] as number;
    if (weight > 0) last = index;
    left -= weight;
    if (left < 0 && weight > 0) return index;
  }
  return last;
};
