/**
 * What becomes of what the reader has seen when an attempt fails in the middle.
 *
 * - `'fail'`: it stands, and the reader gets a `PartialError` that carries it.
 * - `'retract'`: a `retract` voids it, and the next attempt starts over.
 * - `'continue'`: it stands, and the next model goes on from there, where it can and no tool was called; else `'retract'`.
 * - `'hold'`: the first `tokens` of an attempt are shown only once they are all there, so that a failure up to there
 *   leaves nothing to take back; behind them `'retract'`.
 */
export type OnPartial = 'fail' | 'retract' | 'continue' | 'hold';

/** Settings that `fallback` and `withFallback` share; `Modes` are those that the attempts can keep. */
export type FallbackOptions<Modes extends OnPartial = OnPartial> = {
  /**
   * Whether the next attempt is made after this error. Defaults to a `BackendError` that is `retryable` and a `TimeoutError`:
   * not misuse, and not a request that is refused.
   */
  readonly when?: (error: unknown) => boolean;
  /** What becomes of what the reader has seen. Defaults to `'retract'`. */
  readonly onPartial?: Modes;
  /** With `onPartial: 'hold'`: how many tokens are held back. Defaults to `Infinity`, which is the whole attempt. */
  readonly tokens?: number;
};
