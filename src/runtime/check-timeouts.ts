import { expected } from './expected.ts';
import type { Timeouts } from './timeouts.ts';

/** The names of the options that limit the time. */
export const timeoutOptions: readonly (keyof Timeouts)[] = ['deadline', 'firstTokenTimeout', 'idleTimeout'];

/** Refuses times that no clock can measure. Timers of JavaScript end at 2 ** 31 - 1 milliseconds, which is 24 days. */
export const checkTimeouts = (options: Timeouts): void => {
  for (const name of timeoutOptions) {
    const value = options[name];
    if (value === undefined || (value > 0 && value < 2 ** 31)) continue;
    throw new RangeError(expected(`\`${name}\``, 'milliseconds above 0 and below 2147483648', value));
  }
};
