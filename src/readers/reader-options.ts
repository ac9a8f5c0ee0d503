/** How far a stream may be ahead of its reader. */
export type ReaderOptions = {
  /**
   * How many values may wait for the reader before their producer has to. With `0` a value is made once it is asked for.
   * Defaults to `4`, so that the next few are there when a reader comes back from other work.
   */
  readonly highWaterMark?: number;
};
