import { type CacheRows, copyRows, exchangeRows } from './cache-rows.ts';
import { type CacheNumbers, type CacheTensor, cacheNumbers, freeNumbers, sparseNumbers } from './cache-tensor.ts';
import { copyOut } from './copy-out.ts';
import type { CacheBlock, CachePiece, KvCache } from './kv-cache.ts';

const smallest = 512;

/**
 * A cache that the model reads and writes where it lies. Of each cache tensor there is one array of the shape
 * [places, heads, capacity, size], so neighbouring places are a batch. Memory is taken by the rows that were written.
 */
export class InPlaceCache implements KvCache {
  /** Rows that each place has room for. */
  capacity = 0;
  /** One per cache tensor. Replaced when the capacity grows. */
  arrays: readonly CacheNumbers[];
  readonly #tensors: readonly CacheTensor[];
  readonly #slots: number;
  /** Rows that may be written before the arrays are laid out anew, to give back what lies unused. */
  readonly #most: number;
  readonly #lengths: Int32Array;
  /** How far each place was ever written. */
  readonly #written: Int32Array;

  constructor(tensors: readonly CacheTensor[], slots: number, tokens: number) {
    this.#tensors = tensors;
    this.#slots = slots;
    this.#most = tokens;
    this.#lengths = new Int32Array(slots);
    this.#written = new Int32Array(slots);
    this.arrays = tensors.map(({ type }) => cacheNumbers(type, 0));
  }

  length(slot: number): number {
    return this.#lengths[slot] as number;
  }

  truncate(slot: number, length: number): void {
    this.#lengths[slot] = Math.min(length, this.length(slot));
  }

  /** Makes room for `count` more tokens in each of some places. */
  reserve(first: number, places: number, count: number): void {
    let longest = 0;
    for (let slot = first; slot < first + places; slot++) {
      const length = this.length(slot) + count;
      longest = Math.max(longest, length);
      this.#written[slot] = Math.max(this.#written[slot] as number, length);
    }
    const written = this.#written.reduce((sum, rows) => sum + rows, 0);
    if (longest > this.capacity) this.#layOut(Math.max(smallest, 2 ** Math.ceil(Math.log2(longest))));
    else if (written > this.#most && this.#unused > this.#most / 4) this.#layOut(this.capacity);
  }

  /** The model has written `count` tokens to the end of a place. */
  extend(slot: number, count: number): void {
    this.#lengths[slot] = this.length(slot) + count;
  }

  append(slot: number, pieces: readonly CachePiece[]): void {
    const total = pieces.reduce((sum, { count }) => sum + count, 0);
    this.reserve(slot, 1, total);
    for (const { block, from, count } of pieces) {
      this.#tensors.forEach((tensor, index) => {
        copyRows(tensor, block.rows[index] as CacheRows, from, this.#rows(slot, index), this.length(slot), count);
      });
      this.extend(slot, count);
    }
  }

  read(slot: number, from: number, to: number, spare?: CacheBlock): CacheBlock {
    return copyOut(this.#tensors, (index) => this.#rows(slot, index), from, to, spare);
  }

  move(from: number, to: number): void {
    const length = this.length(from);
    this.#written[to] = Math.max(this.#written[to] as number, length);
    this.#tensors.forEach((tensor, index) => {
      copyRows(tensor, this.#rows(from, index), 0, this.#rows(to, index), 0, length);
    });
    this.#lengths[to] = length;
    this.#lengths[from] = 0;
  }

  swap(one: number, other: number): void {
    const lengths = [this.length(one), this.length(other)] as const;
    const longest = Math.max(...lengths);
    for (const slot of [one, other]) this.#written[slot] = Math.max(this.#written[slot] as number, longest);
    this.#tensors.forEach((tensor, index) => {
      exchangeRows(tensor, this.#rows(one, index), this.#rows(other, index), longest);
    });
    [this.#lengths[other], this.#lengths[one]] = lengths;
  }

  /** Written rows that no sequence needs. */
  get #unused(): number {
    return this.#written.reduce((sum, rows, slot) => sum + rows - this.length(slot), 0);
  }

  #rows(slot: number, index: number): CacheRows {
    const { heads, size } = this.#tensors[index] as CacheTensor;
    return {
      numbers: this.arrays[index] as CacheNumbers,
      start: slot * heads * this.capacity * size,
      stride: this.capacity,
    };
  }

  #layOut(capacity: number): void {
    const before = this.capacity;
    this.arrays = this.#tensors.map((tensor, index) => {
      const { type, heads, size } = tensor;
      const old = this.arrays[index] as CacheNumbers;
      const numbers = sparseNumbers(type, this.#slots * heads * capacity * size);
      for (let slot = 0; slot < this.#slots; slot++) {
        const at = (stride: number) => ({ start: slot * heads * stride * size, stride });
        copyRows(tensor, { numbers: old, ...at(before) }, 0, { numbers, ...at(capacity) }, 0, this.length(slot));
      }
      freeNumbers(old);
      return numbers;
    });
    this.capacity = capacity;
    this.#written.set(this.#lengths);
  }
}
