import { type CacheNumbers, type CacheTensor, cacheNumbers } from '../../src/backends/onnx/cache-tensor.ts';
import type { CacheBlock, CachePiece, KvCache } from '../../src/backends/onnx/kv-cache.ts';

/** Two cache tensors of unlike shapes, as keys and values of grouped heads and of a sliding window are. */
export const cacheTensors = (type: CacheTensor['type'] = 'float32'): readonly CacheTensor[] => [
  { input: 'past_key_values.0.key', output: 'present.0.key', type, heads: 2, size: 3 },
  { input: 'past_key_values.0.value', output: 'present.0.value', type, heads: 1, size: 2 },
];

/** What stands for a token in one place of its rows: another number for each tensor, head and place. Half precision knows those of tokens up to 127. */
const numberOf = (token: number, tensor: number, head: number, place: number): number =>
  token * 16 + tensor * 8 + head * 4 + place;

/** Writes the rows of some tokens, from row `at` on. */
export const writeRows = (
  { heads, size }: CacheTensor,
  tensor: number,
  { numbers, start, stride }: { numbers: CacheNumbers; start: number; stride: number },
  at: number,
  tokens: readonly number[],
): void => {
  for (let head = 0; head < heads; head++) {
    for (const [row, token] of tokens.entries()) {
      for (let place = 0; place < size; place++) {
        numbers[start + (head * stride + at + row) * size + place] = numberOf(token, tensor, head, place);
      }
    }
  }
};

/** A block that holds some tokens. */
export const blockOf = (tokens: readonly number[], tensors: readonly CacheTensor[]): CacheBlock => {
  const rows = tensors.map((tensor, index) => {
    const numbers = cacheNumbers(tensor.type, tensor.heads * tokens.length * tensor.size);
    const rows = { numbers, start: 0, stride: tokens.length };
    writeRows(tensor, index, rows, 0, tokens);
    return rows;
  });
  return { rows, count: tokens.length };
};

/** The tokens that a block holds. Fails where a row is not that of one token. */
export const tokensOf = (block: CacheBlock, tensors: readonly CacheTensor[]): readonly number[] => {
  const tokens = Array<number>(block.count).fill(Number.NaN);
  for (const [index, { heads, size }] of tensors.entries()) {
    const { numbers, start, stride } = block.rows[index] as CacheBlock['rows'][number];
    for (let row = 0; row < block.count; row++) {
      for (let head = 0; head < heads; head++) {
        for (let place = 0; place < size; place++) {
          const number = numbers[start + (head * stride + row) * size + place] as number;
          const token = (number - numberOf(0, index, head, place)) / 16;
          if (Number.isNaN(tokens[row])) tokens[row] = token;
          if (token !== tokens[row])
            throw new Error(`Expected rows of one token, found those of ${tokens[row]} and ${token}`);
        }
      }
    }
  }
  return tokens;
};

/** The tokens that a place of a cache holds. */
export const tokensAt = (cache: KvCache, slot: number, tensors: readonly CacheTensor[]): readonly number[] =>
  tokensOf(cache.read(slot, 0, cache.length(slot)), tensors);

/** A piece that holds some tokens in the middle of a larger block. */
export const pieceOf = (
  tokens: readonly number[],
  tensors: readonly CacheTensor[],
  before = 0,
  after = 0,
): CachePiece => {
  const padding = (count: number) => Array<number>(count).fill(9);
  const block = blockOf([...padding(before), ...tokens, ...padding(after)], tensors);
  return { block, from: before, count: tokens.length };
};
