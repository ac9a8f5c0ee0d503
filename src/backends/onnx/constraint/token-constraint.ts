/**
 * Holds one answer to a grammar while it is written, token by token. What may come next is worked out elsewhere, so after
 * each token the constraint is not ready for a moment; the answer waits, and no other answer does.
 */
export interface TokenConstraint {
  /** Whether `forced`, `mask` and `finished` speak of what follows the last token. */
  readonly ready: boolean;
  /** Blocks the calling thread until the constraint is ready, but no longer than this. */
  wait(milliseconds: number): void;
  /**
   * The tokens that follow in any case, whatever the model would choose; empty where there is a choice. They are accepted
   * already: `mask` and `finished` speak of what follows them. Read once after `accept`, and once at the beginning.
   *
   * @throws Error where the grammar failed, which fails this answer.
   */
  readonly forced: readonly number[];
  /**
   * The tokens that may come next: bit `i & 31` of word `i >> 5` speaks of token `i`. The stop ids are among them where
   * the text may end here. Valid until the next call, and not to be written to.
   */
  readonly mask: Int32Array;
  /** Whether the text is whole and nothing but a stop id may follow. */
  readonly finished: boolean;
  /** Takes the token that was chosen among those of `mask`. The constraint is not ready from here on. */
  accept(token: number): void;
  /** Gives the memory back; the constraint is of no use afterwards. */
  dispose(): void;
}
