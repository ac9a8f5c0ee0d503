import type { FallbackOptions } from './fallback-options.ts';

/**
 * Which backend is asked.
 *
 * - `'local-first'`, `'cloud-first'`: this one, and the other where it cannot answer.
 * - `'local-only'`, `'cloud-only'`: this one; the other is not even kept.
 * - `'private'`: the local one, which has to say that it is on this device; the cloud is not even kept.
 * - `'fastest'`: the one that was faster so far, and the other too where no token has come after `hedgeAfter`; who speaks
 *   first answers, and the other is stopped.
 */
export type Preference = 'local-first' | 'local-only' | 'cloud-first' | 'cloud-only' | 'private' | 'fastest';

/** Settings of `prefer`. */
export type PreferOptions = FallbackOptions & {
  readonly policy: Preference;
  /** With `'fastest'`: milliseconds without a first token after which the other is asked too. Defaults to `1000`. */
  readonly hedgeAfter?: number;
  /**
   * Milliseconds in which an answer is wanted: a backend that has been slower is passed over where another is left. It
   * stops no answer. Defaults to `Infinity`.
   */
  readonly deadline?: number;
  /** Whether there is a network. Defaults to what `navigator.onLine` says, and to true where there is none. */
  readonly online?: () => boolean;
};
