import type { CountedTokens } from './counted-tokens.ts';

/** One of those that are compared: a model's tokens through six stages that pass every one on, as its users would write it. */
export type FlowSide = {
  /** Reads to the end, as fast as it goes. Gives how many values came. */
  readAll(tokens: CountedTokens): Promise<number>;
  /**
   * Reads value by value.
   *
   * @param next Called with each value that is taken. Tells, in its own time, whether to take another one or to leave.
   */
  readSome(tokens: CountedTokens, next: () => Promise<boolean>): Promise<void>;
};
