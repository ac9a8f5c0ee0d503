import { expected } from './expected.ts';

/** Refuses an option that counts something and is not a whole number of at least `least`; `Infinity` counts too. */
export const checkCount = (name: string, value: unknown, least: number): void => {
  if (value === undefined || value === Number.POSITIVE_INFINITY) return;
  if (!Number.isInteger(value) || (value as number) < least) {
    throw new RangeError(expected(`\`${name}\``, `a whole number of at least ${least}`, value));
  }
};
