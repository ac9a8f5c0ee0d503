import { checkCount } from '../../runtime/check-count.ts';
import { checkOptions } from '../../runtime/check-options.ts';
import { expected } from '../../runtime/expected.ts';
import { isRetryable } from '../../runtime/is-retryable.ts';
import { TimeoutError } from '../../runtime/timeout-error.ts';
import type { FallbackOptions, OnPartial } from './fallback-options.ts';

/** The options of a fallback with their defaults. */
export type FallbackSettings = {
  readonly when: (error: unknown) => boolean;
  readonly onPartial: OnPartial;
  /** How many tokens are held back. */
  readonly tokens: number;
};

/** Reads the options of a fallback, and refuses misuse when it is made. `own` names options of the owner alone. */
export const checkFallback = (
  owner: string,
  options: FallbackOptions,
  modes: readonly OnPartial[],
  own: readonly string[] = [],
): FallbackSettings => {
  checkOptions(owner, options, ['when', 'onPartial', 'tokens', ...own]);
  const { when = mayBeMended, onPartial = 'retract', tokens } = options;
  if (typeof when !== 'function') throw new TypeError(expected('`when`', 'a function', when));
  if (!modes.includes(onPartial)) {
    throw new TypeError(expected('`onPartial`', `one of ${modes.map((mode) => `'${mode}'`).join(', ')}`, onPartial));
  }
  checkCount('tokens', tokens, 1);
  if (tokens !== undefined && onPartial !== 'hold') {
    throw new TypeError(`Expected \`tokens\` only with \`onPartial: 'hold'\`, received it with '${onPartial}'`);
  }
  return { when, onPartial, tokens: onPartial === 'hold' ? (tokens ?? Number.POSITIVE_INFINITY) : 0 };
};

const mayBeMended = (error: unknown): boolean => isRetryable(error) || error instanceof TimeoutError;
