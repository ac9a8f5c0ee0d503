import type { KvCache } from './kv-cache.ts';

/** One run of the model: tokens to compute after those that a cache holds. */
export type Work = {
  readonly ids: readonly number[];
  readonly cache: KvCache;
  /** Of how many of the last tokens the scores of what follows are wanted. */
  readonly keep: number;
};
