import { type CacheRows, copyRows } from './cache-rows.ts';
import { type CacheTensor, sparseNumbers } from './cache-tensor.ts';
import { type CacheBlock, stretch } from './kv-cache.ts';

/**
 * Copies the rows from `from` up to but not including `to` of each cache tensor, as they lie where `rowsOf` says; into the
 * memory of `spare`, where that has room for them. Memory that is new costs five times as much as the copying.
 */
export const copyOut = (
  tensors: readonly CacheTensor[],
  rowsOf: (index: number) => CacheRows,
  from: number,
  to: number,
  spare?: CacheBlock,
): CacheBlock => {
  const count = to - from;
  const rows = spare && roomOf(spare) >= count ? spare.rows : roomFor(tensors, Math.max(count, stretch));
  tensors.forEach((tensor, index) => {
    copyRows(tensor, rowsOf(index), from, rows[index] as CacheRows, 0, count);
  });
  return { rows, count };
};

const roomOf = ({ rows: [first] }: CacheBlock): number => first?.stride ?? 0;

/** One array for all tensors, since a model has many and a stretch is short: they are of one kind. */
const roomFor = (tensors: readonly CacheTensor[], count: number): readonly CacheRows[] => {
  const total = tensors.reduce((sum, { heads, size }) => sum + heads * count * size, 0);
  const numbers = sparseNumbers(tensors[0]?.type ?? 'float32', total);
  let start = 0;
  return tensors.map(({ heads, size }) => {
    const place = { numbers, start, stride: count };
    start += heads * count * size;
    return place;
  });
};
