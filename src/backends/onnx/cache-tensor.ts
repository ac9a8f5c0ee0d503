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

/**
 * The same, fresh from the system: what is never written to takes no memory, and all of it goes back at once when nobody has it
 * any more, where other memory stays with the C library in pieces. Reading single numbers of it is twice as slow.
 */
export const sparseNumbers = (type: CacheTensor['type'], length: number): CacheNumbers => {
  const Numbers = kindOf(type);
  const maxByteLength = length * Numbers.BYTES_PER_ELEMENT;
  // Only a buffer that could be resized is mapped by itself; others may be old memory that is overwritten with 0 first.
  return new Numbers(new ArrayBuffer(maxByteLength, { maxByteLength }), 0, length);
};

const kindOf = (type: CacheTensor['type']): NumbersConstructor => {
  const { Float16Array = Uint16Array } = globalThis as { Float16Array?: NumbersConstructor };
  return type === 'float32' ? Float32Array : Float16Array;
};
