/**
 * Follows one answer through a grammar, on the thread where the grammar is. Each token is taken with `accept`; `force`
 * then goes as far as there is no choice; `writeMask` and `finished` tell what follows that.
 */
export interface Follower {
  /**
   * Takes the token that was chosen.
   *
   * @throws RangeError where the mask does not allow it.
   */
  accept(token: number): void;
  /**
   * Takes the tokens that follow in any case, and gives them. Where there are more than `most`, the mask allows nothing
   * but the next one, and the others come after it.
   */
  force(most: number): readonly number[];
  /**
   * Writes over `mask`: bit `i & 31` of word `i >> 5` speaks of token `i`. The stop ids are among them where the text may
   * end here.
   *
   * @throws RangeError where the text has to go on and no token can write it.
   */
  writeMask(mask: Int32Array): void;
  /** Whether the text is whole and nothing but a stop id may follow. */
  readonly finished: boolean;
}
