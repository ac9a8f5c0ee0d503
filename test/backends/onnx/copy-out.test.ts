import { describe, expect, it } from 'vitest';
import { copyOut } from '../../../src/backends/onnx/copy-out.ts';
import type { CacheBlock } from '../../../src/backends/onnx/kv-cache.ts';
import { blockOf, cacheTensors, tokensOf } from '../../support/recognisable-rows.ts';

const tensors = cacheTensors();
const place = blockOf([1, 2, 3, 4, 5, 6], tensors);

const copy = (from: number, to: number, spare?: CacheBlock) =>
  copyOut(tensors, (index) => place.rows[index] as CacheBlock['rows'][number], from, to, spare);

describe('copyOut', () => {
  it('copies the tokens between two places, and none beside them', () => {
    expect(tokensOf(copy(0, 6), tensors)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(tokensOf(copy(2, 5), tensors)).toEqual([3, 4, 5]);
    expect(tokensOf(copy(3, 3), tensors)).toEqual([]);
  });

  it('writes over a spare block that has as many', () => {
    const spare = blockOf([7, 8, 9], tensors);
    expect(copy(1, 4, spare)).toBe(spare);
    expect(tokensOf(spare, tensors)).toEqual([2, 3, 4]);
  });

  it.each([1, 2, 4, 6])('leaves a spare block of %d tokens alone where it needs 3', (count) => {
    const spare = blockOf(Array(count).fill(9), tensors);
    const block = copy(1, 4, spare);
    expect(tokensOf(block, tensors)).toEqual([2, 3, 4]);
    expect(tokensOf(spare, tensors)).toEqual(Array(count).fill(9));
  });
});
