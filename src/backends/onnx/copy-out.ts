import { type CacheRows, copyRows } from './cache-rows.ts';
import { type CacheTensor, sparseNumbers } from './cache-tensor.ts';
import type { CacheBlock } from './kv-cache.ts';

/**
 * Copies the rows from `from` up to but not including `to` of each cache tensor, as they lie where `rowsOf` says; into
 * `spare`, where that has as many. Memory that is new costs five times as much as the copying.
 */
export const copyOut = (
  tensors: readonly CacheTensor[],
  rowsOf: (index: number) => CacheRows,
  from: number,
  to: number,
  spare?: CacheBlock,
): CacheBlock => {
  const block = spare?.count === to - from ? spare : blockOf(tensors, to - from);
  tensors.forEach((tensor, index) => {
    copyRows(tensor, rowsOf(index), from, block.rows[index] as CacheRows, 0, block.count);
  });
  return block;
};

/** One array for all tensors, since a model has many and a stretch is short: they are of one kind. */
const blockOf = (tensors: readonly CacheTensor[], count: number): CacheBlock => {
  const total = tensors.reduce((sum, { heads, size }) => sum + heads * count * size, 0);
  const numbers = sparseNumbers(tensors[0]?.type ?? 'float32', total);
  let start = 0;
  const rows = tensors.map(({ heads, size }) => {
    const place = { numbers, start, stride: count };
    start += heads * count * size;
    return place;
  });
  return { rows, count };
};
