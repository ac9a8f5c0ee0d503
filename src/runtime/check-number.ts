import { expected } from './expected.ts';

/** Refuses an option that measures something and is not a number from `least` to `most`. */
export const checkNumber = (
  name: string,
  value: unknown,
  least: number,
  most: number = Number.POSITIVE_INFINITY,
): void => {
  if (value === undefined || (typeof value === 'number' && value >= least && value <= most)) return;
  const range = most === Number.POSITIVE_INFINITY ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new RangeError(expected(`\`${name}\``, `a number ${range}`, value));
};
