import type { CacheRows } from './cache-rows.ts';

/** How many tokens a block has room for at least, so that its memory can be used again for another one. */
export const stretch = 32;

/** Computed tokens outside of the cache: of each cache tensor the rows of `count` tokens, behind which there may be room. */
export type CacheBlock = { readonly rows: readonly CacheRows[]; readonly count: number };

/** What to take of a block: `count` tokens from `from` on. */
export type CachePiece = { readonly block: CacheBlock; readonly from: number; readonly count: number };

/**
 * What a model has computed: for each of its places the keys and values of the tokens of one sequence. A place that is
 * made shorter and grows again is as if it had never been longer.
 */
export interface KvCache {
  /** How many tokens of a place are computed. */
  length(slot: number): number;
  /** Forgets what lies beyond the first `length` tokens. */
  truncate(slot: number, length: number): void;
  /** Adds computed tokens to the end of a place. */
  append(slot: number, pieces: readonly CachePiece[]): void;
  /**
   * Copies out the tokens of a place from `from` up to but not including `to`; into the memory of `spare`, which nobody
   * needs any more, where it has room for them.
   */
  read(slot: number, from: number, to: number, spare?: CacheBlock): CacheBlock;
  /** Puts the tokens of one place into another, and leaves the first empty. */
  move(from: number, to: number): void;
  /** Exchanges the tokens of two places. */
  swap(one: number, other: number): void;
}
