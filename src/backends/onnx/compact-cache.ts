import { type CacheRows, copyRows } from './cache-rows.ts';
import { type CacheNumbers, type CacheTensor, cacheNumbers } from './cache-tensor.ts';
import { copyOut } from './copy-out.ts';
import type { CacheBlock, CachePiece, KvCache } from './kv-cache.ts';

/**
 * A cache for models that write their whole cache anew with each run: each place has arrays of its own, of the shape
 * [heads, length, size] without a gap.
 */
export class CompactCache implements KvCache {
  readonly #tensors: readonly CacheTensor[];
  readonly #lengths: Int32Array;
  /** By place and cache tensor; an array can be longer than what is used of it. */
  readonly #arrays: CacheNumbers[][];

  constructor(tensors: readonly CacheTensor[], slots: number) {
    this.#tensors = tensors;
    this.#lengths = new Int32Array(slots);
    this.#arrays = Array.from({ length: slots }, () => empty(tensors));
  }

  length(slot: number): number {
    return this.#lengths[slot] as number;
  }

  /** The computed tokens of a place, one array per cache tensor. */
  arrays(slot: number): readonly CacheNumbers[] {
    return this.#arrays[slot] as CacheNumbers[];
  }

  /** Takes arrays that hold `length` tokens, and gives those that the place had. */
  replace(slot: number, arrays: CacheNumbers[], length: number): CacheNumbers[] {
    const before = this.#arrays[slot] as CacheNumbers[];
    this.#arrays[slot] = arrays;
    this.#lengths[slot] = length;
    return before;
  }

  truncate(slot: number, length: number): void {
    if (length >= this.length(slot)) return;
    if (length === 0) {
      this.replace(slot, empty(this.#tensors), 0);
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
      const numbers = cacheNumbers(tensor.type, tensor.heads * length * tensor.size);
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

  read(slot: number, from: number, to: number): CacheBlock {
    return copyOut(this.#tensors, (index) => this.#rows(slot, index), from, to);
  }

  move(from: number, to: number): void {
    this.truncate(to, 0);
    this.swap(from, to);
  }

  swap(one: number, other: number): void {
    const [length, otherLength] = [this.length(one), this.length(other)];
    this.replace(one, this.replace(other, this.#arrays[one] as CacheNumbers[], length), otherLength);
  }

  #rows(slot: number, index: number): CacheRows {
    return { numbers: this.arrays(slot)[index] as CacheNumbers, start: 0, stride: this.length(slot) };
  }
}

/** What a place without tokens has: it takes no memory. */
const empty = (tensors: readonly CacheTensor[]): CacheNumbers[] => tensors.map(({ type }) => cacheNumbers(type, 0));
