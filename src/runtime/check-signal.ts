import { expected } from './expected.ts';

/** Refuses a `signal` that is none. One of another realm, as some servers have them, is one too. */
export const checkSignal = (signal: unknown): void => {
  const { aborted, addEventListener } = Object(signal);
  if (signal === undefined || (typeof aborted === 'boolean' && typeof addEventListener === 'function')) return;
  throw new TypeError(expected('`signal`', 'an AbortSignal', signal));
};
