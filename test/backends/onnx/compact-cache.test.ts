import { describe, expect, it } from 'vitest';
import { CompactCache } from '../../../src/backends/onnx/compact-cache.ts';
import { blockOf, cacheTensors, pieceOf, tokensAt } from '../../support/recognisable-rows.ts';

const tensors = cacheTensors();

const arraysOf = (tokens: readonly number[]) => blockOf(tokens, tensors).rows.map(({ numbers }) => numbers);

describe('CompactCache', () => {
  it('takes what the model wrote, and gives what the place had', () => {
    const cache = new CompactCache(tensors, 2);
    const first = arraysOf([1, 2, 3]);
    cache.replace(1, first, 3);
    expect(cache.arrays(1)).toBe(first);
    expect(tokensAt(cache, 1, tensors)).toEqual([1, 2, 3]);
    expect(cache.replace(1, arraysOf([1, 2, 3, 4]), 4)).toBe(first);
    expect(tokensAt(cache, 1, tensors)).toEqual([1, 2, 3, 4]);
    expect(cache.length(0)).toBe(0);
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
    cache.truncate(0, 0);
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
