import type { RetryBudget } from './retry-budget.ts';

/** Settings of `withRetry`. Times are in milliseconds. */
export type RetryOptions = {
  /** How often a request is made in all. Defaults to `3`. */
  readonly attempts?: number;
  /** The first pause takes from nothing to this long, each further one up to twice the one before. Defaults to `500`. */
  readonly minDelay?: number;
  /** No pause is longer. Where the backend asks for a longer one, the request fails at once. Defaults to `30_000`. */
  readonly maxDelay?: number;
  /** A request that would begin anew later than this after its beginning fails at once. Defaults to `Infinity`. */
  readonly deadline?: number;
  /** Limits the retries of all requests together. Defaults to a `new RetryBudget()`. */
  readonly budget?: RetryBudget;
  /** Gives a number from 0 to 1, exclusive. Defaults to `Math.random`. */
  readonly random?: () => number;
};
