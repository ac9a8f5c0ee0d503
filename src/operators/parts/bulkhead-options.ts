/** Settings of `withBulkhead`. */
export type BulkheadOptions = {
  /** How many requests run at once. */
  readonly concurrency: number;
  /** How many more may wait; any further one fails at once. Defaults to `Infinity`. */
  readonly capacity?: number;
};
