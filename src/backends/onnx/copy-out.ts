import { type CacheRows, copyRows } from './cache-rows.ts';
import { type CacheTensor, cacheNumbers } from './cache-tensor.ts';
import type { CacheBlock } from './kv-cache.ts';

/** Copies the rows from `from` up to but not including `to` of each cache tensor, as they lie where `rowsOf` says. */
export const copyOut = (
  tensors: readonly CacheTensor[],
  rowsOf: (index: number) => CacheRows,
  from: number,
  to: number,
): CacheBlock => {
  const count = to - from;
  const rows = tensors.map((tensor, index) => {
    const copy = { numbers: cacheNumbers(tensor.type, tensor.heads * count * tensor.size), start: 0, stride: count };
    copyRows(tensor, rowsOf(index), from, copy, 0, count);
    return copy;
  });
  return { rows, count };
};
