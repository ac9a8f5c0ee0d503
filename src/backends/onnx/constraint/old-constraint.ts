/** Holds one answer to a grammar while it is written, token by token. */
export interface OldConstraint {
  /**
   * The tokens that may come next: bit `i & 31` of word `i >> 5` speaks of token `i`. The stop ids are among them where
   * the text may end here. Valid until the next call, and not to be written to.
   */
  mask(): Promise<Int32Array> | Int32Array;
  /**
   * Takes the token that was chosen.
   *
   * @throws RangeError where the mask does not allow it.
   */
  accept(token: number): void;
  /** Whether the text is whole and nothing but a stop id may follow. */
  readonly finished: boolean;
  /** Gives the memory back; the constraint is of no use afterwards. */
  dispose(): void;
}
