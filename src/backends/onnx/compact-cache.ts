import { type CacheRows, copyRows } from './cache-rows.ts';
import { type CacheNumbers, type CacheTensor, cacheNumbers, freeNumbers, sparseNumbers } from './cache-tensor.ts';
import { copyOut } from './copy-out.ts';
import type { CacheBlock, CachePiece, KvCache } from './kv-cache.ts';

/** Room to grow, so that a place needs new arrays rarely. */
const growth = 1.25;

/**
 * A cache for models that write their whole cache anew with each run: each place has arrays of its own, of the shape
 * [heads, length, size] without a gap. The memory of those that it drops goes back at once.
 */
export class CompactCache implements KvCache {
  readonly #tensors: readonly CacheTensor[];
  readonly #lengths: Int32Array;
  /** By place and cache tensor; an array can be longer than what is used of it. */
  readonly #arrays: CacheNumbers[][];
  /** What a place is written to next, where it is written in turns. */
  readonly #spares: CacheNumbers[][];

  constructor(tensors: readonly CacheTensor[], slots: number) {
    this.#tensors = tensors;
    this.#lengths = new Int32Array(slots);
    this.#arrays = Array.from({ length: slots }, () => empty(tensors));
    this.#spares = Array.from({ length: slots }, () => empty(tensors));
  }

  length(slot: number): number {
    return this.#lengths[slot] as number;
  }

  /** The computed tokens of a place, one array per cache tensor. */
  arrays(slot: number): readonly CacheNumbers[] {
    return this.#arrays[slot] as CacheNumbers[];
  }

  /** Arrays of the place's own with room for `length` tokens, to be written to before `turn`. */
  spare(slot: number, length: number): readonly CacheNumbers[] {
    const spares = this.#spares[slot] as CacheNumbers[];
    this.#tensors.forEach(({ type, heads, size }, index) => {
      const wanted = heads * length * size;
      const spare = spares[index] as CacheNumbers;
      if (spare.length >= wanted) return;
      spares[index] = sparseNumbers(type, Math.ceil(growth * wanted));
      freeNumbers(spare);
    });
    return spares;
  }

  /** The spare arrays of a place are written: they hold `length` tokens, and its arrays are spare. */
  turn(slot: number, length: number): void {
    const arrays = this.#arrays[slot] as CacheNumbers[];
    this.#arrays[slot] = this.#spares[slot] as CacheNumbers[];
    this.#spares[slot] = arrays;
    this.#lengths[slot] = length;
  }

  /** Takes arrays that hold `length` tokens, and drops those before. */
  replace(slot: number, arrays: CacheNumbers[], length: number): void {
    this.arrays(slot).forEach(freeNumbers);
    this.#arrays[slot] = arrays;
    this.#lengths[slot] = length;
  }

  truncate(slot: number, length: number): void {
    if (length >= this.length(slot)) return;
    if (length === 0) {
      this.replace(slot, empty(this.#tensors), 0);
      this.#spares[slot]?.forEach(freeNumbers);
      this.#spares[slot] = empty(this.#tensors);
      return;
    }
    this.#tensors.forEach((tensor, index) => {
      const rows = this.#rows(slot, index);
      // Heads move towards the beginning, each after the one before it, so none is overwritten before it is read.
      copyRows(tensor, rows, 0, { ...rows, stride: length }, 0, length);
    });
    this.#lengths[slot] = length;
  }

  append(slot: number, pieces: readonly CachePiece[]): void {
    const before = this.length(slot);
    const length = pieces.reduce((sum, { count }) => sum + count, before);
    const arrays = this.#tensors.map((tensor, index) => {
      const numbers = sparseNumbers(tensor.type, tensor.heads * length * tensor.size);
      const target = { numbers, start: 0, stride: length };
      copyRows(tensor, this.#rows(slot, index), 0, target, 0, before);
      let at = before;
      for (const { block, from, count } of pieces) {
        copyRows(tensor, block.rows[index] as CacheRows, from, target, at, count);
        at += count;
      }
      return numbers;
    });
    this.replace(slot, arrays, length);
  }

  read(slot: number, from: number, to: number, spare?: CacheBlock): CacheBlock {
    return copyOut(this.#tensors, (index) => this.#rows(slot, index), from, to, spare);
  }

  move(from: number, to: number): void {
    this.truncate(to, 0);
    this.swap(from, to);
  }

  swap(one: number, other: number): void {
    for (const each of [this.#arrays, this.#spares, this.#lengths] as unknown[][]) {
      [each[one], each[other]] = [each[other], each[one]];
    }
  }

  #rows(slot: number, index: number): CacheRows {
    return { numbers: this.arrays(slot)[index] as CacheNumbers, start: 0, stride: this.length(slot) };
  }
}

/** What a place without tokens has: it takes no memory. */
const empty = (tensors: readonly CacheTensor[]): CacheNumbers[] => tensors.map(({ type }) => cacheNumbers(type, 0));
