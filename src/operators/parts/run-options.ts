import type { Backend } from '../../runtime/backend.ts';

/** What can be asked of a run. */
export type RunOptions = {
  /**
   * Backends that get ready while earlier steps run, as far as there is room without making another model leave. What
   * cannot be made ready is left to the step that needs it. Defaults to none.
   */
  readonly preload?: readonly Backend[];
  /**
   * Milliseconds from the start to the end; the run fails with a {@link TimeoutError} where that is not enough. Defaults to no
   * limit.
   */
  readonly deadline?: number;
  /**
   * Ends the run when it aborts: all that is beneath is left, and then the results fail with the signal's `reason` as it
   * is, an `AbortError` unless it was given another.
   */
  readonly signal?: AbortSignal;
};
