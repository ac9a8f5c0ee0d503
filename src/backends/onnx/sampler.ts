import type { Sampling } from '../../runtime/sampling.ts';
import { ModelError } from './model-error.ts';
import { Random } from './random.ts';

/** Room for one model's vocabulary; used within one call only, so it serves every sampler of a thread. */
let weights = new Float64Array(0);
let heap = new Int32Array(0);

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
    if (this.#topK >= scores.length && this.#topP >= 1) {
      const count = collect(scores.length, this.#minP);
      const kept = this.#minP === 0 ? total : sumOf(0, count);
      return pick(this.#random.next() * kept, 0, count, 1);
    }
    const first = this.#likeliest(scores.length, total);
    return pick(this.#random.next() * sumOf(first.from, first.to), first.to - 1, first.from - 1, -1);
  }

  /** Puts `exp((score - highest) / temperature)` into `weights`: 1 for the likeliest token, 0 for what is masked. */
  #weigh(scores: Float32Array, highest: number, mask: Int32Array | undefined): number {
    if (weights.length < scores.length) {
      weights = new Float64Array(scores.length);
      heap = new Int32Array(scores.length);
    }
    const scale = 1 / this.#temperature;
    let total = 0;
    for (let index = 0; index < scores.length; index++) {
      const allowed = mask === undefined || ((mask[index >> 5] as number) >>> (index & 31)) & 1;
      const weight = allowed ? Math.exp(((scores[index] as number) - highest) * scale) : 0;
      weights[index] = weight;
      total += weight;
    }
    return total;
  }

  /** The stretch of `heap` that holds the tokens within `topK`, `topP` and `minP`, the likeliest last. */
  #likeliest(length: number, total: number): { readonly from: number; readonly to: number } {
    // Only the head of the distribution is sorted: the bar falls until what lies above it is enough.
    for (let bar = 1e-2; ; bar = bar < 1e-12 ? 0 : bar / 100) {
      const count = collect(length, bar);
      const limit = Math.min(count, this.#topK);
      const limited = limit === this.#topK;
      if (!limited && bar > 0 && sumOf(0, count) < this.#topP * total) continue;
      sortLargest(count, limit, limited ? Number.POSITIVE_INFINITY : this.#topP * total);
      const taken = nucleus(count, limit, this.#topP * (limited ? sumOf(count - limit, count) : total));
      return { from: count - this.#likely(count, taken), to: count };
    }
  }

  /** Of the `taken` likeliest, those within `minP`. */
  #likely(count: number, taken: number): number {
    let kept = 1;
    while (kept < taken && weightAt(count - 1 - kept) >= this.#minP) kept++;
    return kept;
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

const weightAt = (place: number): number => weights[heap[place] as number] as number;

const sumOf = (from: number, to: number): number => {
  let sum = 0;
  for (let place = from; place < to; place++) sum += weightAt(place);
  return sum;
};

/** Puts the tokens of at least this weight at the beginning of `heap`, and gives their number. */
const collect = (length: number, bar: number): number => {
  let count = 0;
  for (let index = 0; index < length; index++) {
    const weight = weights[index] as number;
    if (weight >= bar && weight > 0) heap[count++] = index;
  }
  return count;
};

/** Sorts the `most` likeliest of the first `count` to their end, the likeliest last; stops once they reach a sum. */
const sortLargest = (count: number, most: number, wanted = Number.POSITIVE_INFINITY): void => {
  for (let place = (count >> 1) - 1; place >= 0; place--) sink(place, count);
  let sum = 0;
  for (let end = count - 1; end >= count - most && sum < wanted; end--) {
    const likeliest = heap[0] as number;
    heap[0] = heap[end] as number;
    heap[end] = likeliest;
    sum += weights[likeliest] as number;
    sink(0, end);
  }
};

/** Restores the order of a heap of `count` tokens below a place: none goes before the one above it. */
const sink = (from: number, count: number): void => {
  const token = heap[from] as number;
  let place = from;
  for (let child = 2 * place + 1; child < count; child = 2 * place + 1) {
    if (child + 1 < count && precedes(heap[child + 1] as number, heap[child] as number)) child++;
    if (!precedes(heap[child] as number, token)) break;
    heap[place] = heap[child] as number;
    place = child;
  }
  heap[place] = token;
};

/** The likelier goes first; of two that are as likely, the one of the smaller id, so that a seed always gives the same. */
const precedes = (one: number, other: number): boolean => {
  const difference = (weights[one] as number) - (weights[other] as number);
  return difference > 0 || (difference === 0 && one < other);
};

/** How many of the `most` likeliest it takes to reach a sum. */
const nucleus = (count: number, most: number, wanted: number): number => {
  let sum = 0;
  for (let taken = 0; taken < most; taken++) {
    if (sum >= wanted) return taken;
    sum += weightAt(count - 1 - taken);
  }
  return most;
};

/** The token at which running along `heap` from a place to before another reaches `target`. */
const pick = (target: number, from: number, to: number, step: 1 | -1): number => {
  let left = target;
  for (let place = from; place !== to; place += step) {
    left -= weightAt(place);
    if (left < 0) return heap[place] as number;
  }
  return heap[to - step] as number;
};
