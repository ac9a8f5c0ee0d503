import type { ReadableOptions } from './readable-options.ts';

/** Settings of server-sent events. */
export type SseOptions = ReadableOptions & {
  /** Leaves the source when it aborts, and fails the stream with its reason: that of the request which is answered. */
  readonly signal?: AbortSignal;
  /**
   * What to tell of an error. Defaults to the error's own message where that is made of the workflow's facts alone, else
   * to a sentence that says nothing, since messages of backends, tools and your own code may hold what is no client's
   * business.
   */
  readonly toMessage?: (error: unknown) => string;
};
