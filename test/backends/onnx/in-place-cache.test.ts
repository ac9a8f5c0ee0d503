import { describe, expect, it } from 'vitest';
import type { CacheTensor } from '../../../src/backends/onnx/cache-tensor.ts';
import { InPlaceCache } from '../../../src/backends/onnx/in-place-cache.ts';
import { Random } from '../../../src/backends/onnx/random.ts';
import { cacheTensors, pieceOf, tokensAt, writeRows } from '../../support/recognisable-rows.ts';

const tensors = cacheTensors();

/** Writes tokens to the end of some neighbouring places, as a run of the model does. */
const run = (
  cache: InPlaceCache,
  first: number,
  rows: readonly (readonly number[])[],
  extended = rows.map(() => true),
) => {
  cache.reserve(first, rows.length, (rows[0] as readonly number[]).length);
  for (const [place, tokens] of rows.entries()) {
    const slot = first + place;
    for (const [index, tensor] of tensors.entries()) {
      const numbers = cache.arrays[index] as Float32Array;
      const start = slot * tensor.heads * cache.capacity * tensor.size;
      writeRows(tensor, index, { numbers, start, stride: cache.capacity }, cache.length(slot), tokens);
    }
    if (extended[place]) cache.extend(slot, tokens.length);
  }
};

const filled = (slots: number, tokens: number, most: number): InPlaceCache => {
  const cache = new InPlaceCache(tensors, slots, most);
  for (let slot = 0; slot < slots; slot++) run(cache, slot, [Array<number>(tokens).fill(slot + 1)]);
  return cache;
};

describe('InPlaceCache', () => {
  it('lays out neighbouring places as a batch: places, heads, rows, numbers', () => {
    const cache = filled(2, 3, 1000);
    const [keys] = cache.arrays;
    const { heads, size } = tensors[0] as CacheTensor;
    expect(keys).toHaveLength(2 * heads * cache.capacity * size);
    const at = (slot: number, head: number, row: number) =>
      keys?.[((slot * heads + head) * cache.capacity + row) * size];
    expect([at(0, 0, 0), at(0, 1, 2), at(1, 0, 1), at(1, 1, 0)]).toEqual([16, 20, 32, 36]);
    expect(at(0, 0, 3)).toBe(0);
  });

  it('takes no memory before anything is written', () => {
    const cache = new InPlaceCache(tensors, 8, 1000);
    expect(cache.capacity).toBe(0);
    expect(cache.arrays.map(({ length }) => length)).toEqual([0, 0]);
  });

  it('doubles as often as the longest place needs it, and keeps what is there', () => {
    const cache = filled(3, 5, 10_000);
    expect(cache.capacity).toBe(512);
    const before = cache.arrays;
    run(cache, 1, [Array<number>(507).fill(7)]);
    expect(cache.capacity).toBe(512);
    expect(cache.arrays).toBe(before);
    run(cache, 1, [[8]]);
    expect(cache.capacity).toBe(1024);
    // The memory of the arrays before is gone with them.
    expect(before.map(({ length }) => length)).toEqual([0, 0]);
    run(cache, 2, [Array<number>(1500).fill(6)]);
    expect(cache.capacity).toBe(2048);
    expect([0, 1, 2].map((slot) => cache.length(slot))).toEqual([5, 513, 1505]);
    expect(tokensAt(cache, 0, tensors)).toEqual([1, 1, 1, 1, 1]);
    expect(new Set(tokensAt(cache, 1, tensors).slice(5, 512))).toEqual(new Set([7]));
    expect(tokensAt(cache, 1, tensors).at(-1)).toBe(8);
    expect(tokensAt(cache, 2, tensors).slice(0, 6)).toEqual([3, 3, 3, 3, 3, 6]);
  });

  it('grows for known tokens as it does for computed ones', () => {
    const cache = filled(2, 5, 10_000);
    cache.append(0, [pieceOf(Array<number>(600).fill(4), tensors)]);
    expect(cache.capacity).toBe(1024);
    expect(tokensAt(cache, 0, tensors)).toEqual([1, 1, 1, 1, 1, ...Array<number>(600).fill(4)]);
    expect(tokensAt(cache, 1, tensors)).toEqual([2, 2, 2, 2, 2]);
  });

  it('forgets what rode along beyond the end of a place', () => {
    const cache = filled(3, 2, 1000);
    run(cache, 0, [[11], [12], [13]], [true, false, true]);
    expect([0, 1, 2].map((slot) => tokensAt(cache, slot, tensors))).toEqual([
      [1, 1, 11],
      [2, 2],
      [3, 3, 13],
    ]);
    run(cache, 1, [[14]]);
    expect(tokensAt(cache, 1, tensors)).toEqual([2, 2, 14]);
  });

  it('gives rows back that were written and are not needed, once they are many', () => {
    const cache = filled(4, 100, 300);
    const { arrays, capacity } = cache;
    run(cache, 0, [[9]]);
    expect(cache.arrays).toBe(arrays);
    for (const slot of [0, 1, 2]) cache.truncate(slot, 10);
    run(cache, 3, [[9]]);
    expect(cache.capacity).toBe(capacity);
    expect(arrays.map(({ length }) => length)).toEqual([0, 0]);
    const [keys] = cache.arrays;
    const { heads, size } = tensors[0] as CacheTensor;
    expect(keys?.subarray(10 * size, capacity * size).every((number) => number === 0)).toBe(true);
    expect(keys).toHaveLength(4 * heads * capacity * size);
    expect([0, 1, 2, 3].map((slot) => tokensAt(cache, slot, tensors))).toEqual([
      Array(10).fill(1),
      Array(10).fill(2),
      Array(10).fill(3),
      [...Array(100).fill(4), 9],
    ]);
    const { arrays: after } = cache;
    run(cache, 3, [[9]]);
    expect(cache.arrays).toBe(after);
  });

  it('knows what was written by exchanging places, and gives that back too', () => {
    const cache = new InPlaceCache(tensors, 2, 150);
    run(cache, 0, [Array<number>(100).fill(5)]);
    cache.swap(0, 1);
    const { arrays } = cache;
    run(cache, 0, [[9]]);
    expect(cache.arrays === arrays).toBe(false);
    expect([0, 1].map((slot) => tokensAt(cache, slot, tensors))).toEqual([[9], Array(100).fill(5)]);
  });

  it('keeps every place through runs of any shape', () => {
    for (let seed = 0; seed < 10; seed++) {
      const random = new Random(seed);
      const below = (bound: number) => Math.floor(random.next() * bound);
      const cache = new InPlaceCache(tensors, 6, 500);
      const naive = Array.from({ length: 6 }, (): number[] => []);
      for (let change = 0; change < 60; change++) {
        const first = below(6);
        const places = 1 + below(6 - first);
        const count = places > 1 ? 1 : 1 + below(120);
        const rows = Array.from({ length: places }, () => Array.from({ length: count }, () => below(1000)));
        const takesPart = rows.map((_, place) => place === 0 || place === places - 1 || random.next() < 0.5);
        run(cache, first, rows, takesPart);
        for (const [place, tokens] of rows.entries()) if (takesPart[place]) naive[first + place]?.push(...tokens);
        const shortened = below(6);
        const length = below(300);
        cache.truncate(shortened, length);
        naive[shortened]?.splice(length);
      }
      expect(naive.map((_, slot) => tokensAt(cache, slot, tensors))).toEqual(naive);
    }
  });
});
