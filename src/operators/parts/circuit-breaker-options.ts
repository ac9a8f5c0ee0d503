/** Settings of `withCircuitBreaker`. */
export type CircuitBreakerOptions = {
  /** The share of failures above which it opens, between 0 and 1. Defaults to `0.5`. */
  readonly threshold?: number;
  /** How many of the last requests count. Defaults to `20`. */
  readonly window?: number;
  /** How many requests there have to be before it opens; at most `window`. Defaults to `5`, or to `window` where that is less. */
  readonly minimum?: number;
  /** Milliseconds before an open circuit lets a request try again. Defaults to `30_000`. */
  readonly pause?: number;
};
