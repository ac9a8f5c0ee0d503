import { describe, expect, it } from 'vitest';
import { CompactCache } from '../../../src/backends/onnx/compact-cache.ts';
import { blockOf, cacheTensors, pieceOf, tokensAt } from '../../support/recognisable-rows.ts';

const tensors = cacheTensors();

const arraysOf = (tokens: readonly number[]) => blockOf(tokens, tensors).rows.map(({ numbers }) => numbers);

describe('CompactCache', () => {
  it('takes arrays that somebody else has written', () => {
    const cache = new CompactCache(tensors, 2);
    const first = arraysOf([1, 2, 3]);
    cache.replace(1, first, 3);
    expect(cache.arrays(1)).toBe(first);
    expect(tokensAt(cache, 1, tensors)).toEqual([1, 2, 3]);
    expect(cache.length(0)).toBe(0);
  });

  it('is written in turns, into two arrays of the place that have room to grow', () => {
    const cache = new CompactCache(tensors, 2);
    const seen = new Set<unknown>();
    for (let length = 1; length <= 200; length++) {
      const tokens = Array.from({ length }, (_, at) => at + 1);
      const spare = cache.spare(1, length);
      expect(spare[0]).not.toBe(cache.arrays(1)[0]);
      for (const [index, numbers] of arraysOf(tokens).entries()) spare[index]?.set(numbers);
      cache.turn(1, length);
      expect(tokensAt(cache, 1, tensors)).toEqual(tokens);
      seen.add(cache.arrays(1)[0]);
    }
    expect(seen.size).toBeLessThan(50);
    const rows = cache
      .arrays(1)
      .map(({ length }, index) => length / ((tensors[index]?.heads ?? 0) * (tensors[index]?.size ?? 0)));
    expect(Math.max(...rows)).toBeLessThanOrEqual(250);
  });

  it('lets a short place take no memory of a long one', () => {
    const cache = new CompactCache(tensors, 2);
    for (const length of [999, 1000]) {
      cache.spare(0, length);
      cache.turn(0, length);
    }
    cache.spare(1, 2);
    cache.turn(1, 2);
    cache.swap(0, 1);
    expect(cache.spare(0, 2)[0]?.length).toBeLessThan(20 * (cache.arrays(0)[0]?.length ?? 0));
    expect([cache.length(0), cache.length(1)]).toEqual([2, 1000]);
  });

  it('leaves no gap between heads when a place is made shorter', () => {
    const cache = new CompactCache(tensors, 1);
    cache.append(0, [pieceOf([1, 2, 3, 4], tensors)]);
    cache.truncate(0, 2);
    const used = cache
      .arrays(0)
      .map((numbers, index) => [
        ...numbers.subarray(0, (tensors[index]?.heads ?? 0) * 2 * (tensors[index]?.size ?? 0)),
      ]);
    expect(used).toEqual(arraysOf([1, 2]).map((numbers) => [...numbers]));
  });

  it('keeps no memory for a place that is empty', () => {
    const cache = new CompactCache(tensors, 2);
    for (const slot of [0, 1]) cache.append(slot, [pieceOf([1, 2], tensors)]);
    cache.spare(0, 100);
    cache.truncate(0, 0);
    cache.turn(0, 0);
    expect(cache.arrays(0).map(({ length }) => length)).toEqual([0, 0]);
    cache.move(1, 0);
    expect(cache.arrays(1).map(({ length }) => length)).toEqual([0, 0]);
    expect(tokensAt(cache, 0, tensors)).toEqual([1, 2]);
  });

  it('exchanges places without copying', () => {
    const cache = new CompactCache(tensors, 2);
    cache.append(0, [pieceOf([1, 2], tensors)]);
    cache.append(1, [pieceOf([3], tensors)]);
    const [one, other] = [cache.arrays(0), cache.arrays(1)];
    cache.swap(0, 1);
    expect([cache.arrays(0), cache.arrays(1)]).toEqual([other, one]);
    expect(cache.arrays(1)).toBe(one);
    expect([tokensAt(cache, 0, tensors), tokensAt(cache, 1, tensors)]).toEqual([[3], [1, 2]]);
  });
});
