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

  it.each([3, 4, 6])('writes over the memory of a spare block of %d tokens where it needs 3', (count) => {
    const spare = blockOf(Array(count).fill(9), tensors);
    const block = copy(1, 4, spare);
    expect(block.rows).toBe(spare.rows);
    expect(tokensOf(block, tensors)).toEqual([2, 3, 4]);
  });

  it.each([1, 2])('leaves a spare block alone that has room for %d tokens where it needs 3', (count) => {
    const spare = blockOf(Array(count).fill(9), tensors);
    const block = copy(1, 4, spare);
    expect(tokensOf(block, tensors)).toEqual([2, 3, 4]);
    expect(tokensOf(spare, tensors)).toEqual(Array(count).fill(9));
  });

  it('makes room for a stretch, however short a block is, so that its memory serves every other', () => {
    const short = copy(0, 1);
    expect(copy(0, 6, short).rows).toBe(short.rows);
  });
});
