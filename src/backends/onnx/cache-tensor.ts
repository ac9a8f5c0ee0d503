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

type HalfConstructor = new (length: number) => Uint16Array;

/** Room for numbers of a kind, all 0. Memory that is never written to takes no place. */
export const cacheNumbers = (type: CacheTensor['type'], length: number): CacheNumbers => {
  if (type === 'float32') return new Float32Array(length);
  const { Float16Array } = globalThis as { Float16Array?: HalfConstructor };
  return new (Float16Array ?? Uint16Array)(length);
};
