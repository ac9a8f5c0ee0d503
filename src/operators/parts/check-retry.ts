import { checkCount } from '../../runtime/check-count.ts';
import { checkNumber } from '../../runtime/check-number.ts';
import { checkOptions } from '../../runtime/check-options.ts';
import { expected } from '../../runtime/expected.ts';
import { RetryBudget } from './retry-budget.ts';
import type { RetryOptions } from './retry-options.ts';

/** The options of `withRetry` with their defaults. Refuses misuse when the backend is made. */
export const checkRetry = (options: RetryOptions): Required<RetryOptions> => {
  checkOptions('withRetry', options, ['attempts', 'minDelay', 'maxDelay', 'deadline', 'budget', 'random']);
  const { attempts = 3, minDelay = 500, maxDelay = 30_000, deadline = Number.POSITIVE_INFINITY } = options;
  const { budget = new RetryBudget(), random = Math.random } = options;
  checkCount('attempts', attempts, 1);
  checkNumber('minDelay', minDelay, 0);
  checkNumber('maxDelay', maxDelay, minDelay);
  checkNumber('deadline', deadline, 0);
  if (!(budget instanceof RetryBudget)) throw new TypeError(expected('`budget`', 'a RetryBudget', budget));
  if (typeof random !== 'function') throw new TypeError(expected('`random`', 'a function', random));
  return { attempts, minDelay, maxDelay, deadline, budget, random };
};
