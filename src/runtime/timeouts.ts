/** How long an answer may take, each in milliseconds; it fails with a {@link TimeoutError} where that is not enough. */
export type Timeouts = {
  /** From the question to the end: with its tool calls, repairs and retries. Defaults to no limit. */
  readonly deadline?: number;
  /** From a request to its first event; loading the model and standing in line count. Defaults to no limit. */
  readonly firstTokenTimeout?: number;
  /**
   * From one event of a request to the next. The time that a slow reader takes for an event does not count. Defaults to no limit.
   */
  readonly idleTimeout?: number;
};
