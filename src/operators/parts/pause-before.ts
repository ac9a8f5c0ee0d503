import type { BackendError } from '../../runtime/backend-error.ts';
import type { RetryOptions } from './retry-options.ts';

/** Milliseconds to wait before the attempt that follows so many failures; `undefined` where there is to be none. */
export const pauseBefore = (
  failures: number,
  { retryAfter = 0 }: BackendError,
  elapsed: number,
  { attempts, minDelay, maxDelay, deadline, budget, random }: Required<RetryOptions>,
): number | undefined => {
  if (failures >= attempts || retryAfter > maxDelay) return undefined;
  const bound = Math.min(maxDelay, minDelay * 2 ** (failures - 1));
  const delay = Math.min(maxDelay, retryAfter + random() * bound);
  // Asked last: what is not used is not taken.
  return elapsed + delay < deadline && budget.retry() ? delay : undefined;
};
