import { type CacheRows, copyRows } from './cache-rows.ts';
import { type CacheTensor, sparseNumbers } from './cache-tensor.ts';
import type { CacheBlock } from './kv-cache.ts';

/** Copies the rows from `from` up to but not including `to` of each cache tensor, as they lie where `rowsOf` says. */
export const copyOut = (
  tensors: readonly CacheTensor[],
  rowsOf: (index: number) => CacheRows,
  from: number,
  to: number,
): CacheBlock => {
  const count = to - from;
  const total = tensors.reduce((sum, { heads, size }) => sum + heads * count * size, 0);
  // One array for all of them, since a model has many and a stretch is short: they are of one kind.
  const numbers = sparseNumbers(tensors[0]?.type ?? 'float32', total);
  let start = 0;
  const rows = tensors.map((tensor, index) => {
    const copy = { numbers, start, stride: count };
    copyRows(tensor, rowsOf(index), from, copy, 0, count);
    start += tensor.heads * count * tensor.size;
    return copy;
  });
  return { rows, count };
};
