import { sparseBytes } from './sparse-bytes.ts';

/** One cache input of a graph and the output that continues it: keys or values of one layer. */
export type CacheTensor = {
  readonly input: string;
  readonly output: string;
  readonly type: 'float32' | 'float16';
  readonly heads: number;
  /** Numbers of one head for one token. */
  readonly size: number;
};

/** Numbers of a cache; of half precision as bits, or as numbers where the platform knows them. */
export type CacheNumbers = Float32Array | Uint16Array;

type NumbersConstructor = {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): CacheNumbers;
  new (buffer: ArrayBuffer, offset: number, length: number): CacheNumbers;
};

/** Room for numbers of a kind, all 0. */
export const cacheNumbers = (type: CacheTensor['type'], length: number): CacheNumbers => new (kindOf(type))(length);

/** The same as {@link sparseBytes}. */
export const sparseNumbers = (type: CacheTensor['type'], length: number): CacheNumbers => {
  const Numbers = kindOf(type);
  return new Numbers(sparseBytes(length * Numbers.BYTES_PER_ELEMENT).buffer, 0, length);
};

/** Gives the memory of sparse numbers, which nobody may use any more, back to the system without waiting for a collection. */
export const freeNumbers = ({ buffer }: CacheNumbers): void => {
  if (buffer instanceof ArrayBuffer && buffer.resizable) buffer.resize(0);
};

const kindOf = (type: CacheTensor['type']): NumbersConstructor => {
  const { Float16Array = Uint16Array } = globalThis as { Float16Array?: NumbersConstructor };
  return type === 'float32' ? Float32Array : Float16Array;
};
