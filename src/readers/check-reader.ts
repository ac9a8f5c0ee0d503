import { isObservable, type Observable } from 'rxjs';
import { checkCount } from '../runtime/check-count.ts';
import { checkOptions } from '../runtime/check-options.ts';
import { checkTimeouts } from '../runtime/check-timeouts.ts';
import { expected } from '../runtime/expected.ts';
import type { ReadableOptions } from './readable-options.ts';

/** The options of a reader with their defaults. */
export type PullSettings = { readonly highWaterMark: number; readonly idleTimeout: number | undefined };

/** Reads the arguments of a reader, and refuses misuse when it is made. `known` names the options that it has. */
export const checkReader = (
  name: string,
  source: Observable<unknown>,
  options: ReadableOptions,
  known: readonly string[],
): PullSettings => {
  if (!isObservable(source)) throw new TypeError(expected(`the source of ${name}`, 'an observable', source));
  checkOptions(name, options, known);
  const { highWaterMark = 4, idleTimeout } = options;
  checkCount('highWaterMark', highWaterMark, 0);
  checkTimeouts(options);
  return { highWaterMark, idleTimeout };
};
