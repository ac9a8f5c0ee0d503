import type { CacheNumbers, CacheTensor } from './cache-tensor.ts';

/** Where the rows of one sequence lie in the memory of one cache tensor: head after head, a row a token. */
export type CacheRows = {
  readonly numbers: CacheNumbers;
  /** Where the first head begins. */
  readonly start: number;
  /** Rows from one head to the next. */
  readonly stride: number;
};

/** Copies `count` rows of every head, from row `from` of one place to row `to` of another. */
export const copyRows = (
  { heads, size }: CacheTensor,
  source: CacheRows,
  from: number,
  target: CacheRows,
  to: number,
  count: number,
): void => {
  for (let head = 0; head < heads; head++) {
    const start = source.start + (head * source.stride + from) * size;
    const at = target.start + (head * target.stride + to) * size;
    if (source.numbers === target.numbers) target.numbers.copyWithin(at, start, start + count * size);
    else target.numbers.set(source.numbers.subarray(start, start + count * size), at);
  }
};

/** Exchanges the first `count` rows of every head of two places in the same memory. */
export const exchangeRows = ({ heads, size }: CacheTensor, one: CacheRows, other: CacheRows, count: number): void => {
  const { numbers } = one;
  const kept = numbers.slice(0, count * size);
  for (let head = 0; head < heads; head++) {
    const start = one.start + head * one.stride * size;
    const at = other.start + head * other.stride * size;
    kept.set(numbers.subarray(start, start + count * size));
    numbers.copyWithin(start, at, at + count * size);
    numbers.set(kept, at);
  }
};
