import type { ReaderOptions } from './reader-options.ts';

/** Settings of a stream whose reader may be far away. */
export type ReadableOptions = ReaderOptions & {
  /**
   * Milliseconds after which a reader that has stopped reading is given up: the model is left, and the stream fails with a
   * `ReaderError`. It counts from the last value that the reader took, and not while the reader waits for one. Defaults to
   * no limit.
   */
  readonly idleTimeout?: number;
};
