import { expected } from './expected.ts';

/** Refuses a priority that does not say what goes first. */
export const checkPriority = (priority: number | undefined): void => {
  if (priority === undefined || Number.isFinite(priority)) return;
  throw new RangeError(expected('`priority`', 'a number', priority));
};
