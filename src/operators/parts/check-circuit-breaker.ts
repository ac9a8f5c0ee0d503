import { checkNumber } from '../../runtime/check-number.ts';
import { checkOptions } from '../../runtime/check-options.ts';
import { expected } from '../../runtime/expected.ts';
import type { CircuitBreakerOptions } from './circuit-breaker-options.ts';

/** The options of `withCircuitBreaker` with their defaults. Refuses misuse when the backend is made. */
export const checkCircuitBreaker = (options: CircuitBreakerOptions): Required<CircuitBreakerOptions> => {
  checkOptions('withCircuitBreaker', options, ['threshold', 'window', 'minimum', 'pause']);
  const { threshold = 0.5, window = 20, pause = 30_000 } = options;
  const { minimum = Math.min(5, window) } = options;
  if (!(threshold > 0 && threshold < 1)) {
    throw new RangeError(expected('`threshold`', 'a number between 0 and 1', threshold));
  }
  checkSize('window', window, Number.MAX_SAFE_INTEGER);
  checkSize('minimum', minimum, window);
  checkNumber('pause', pause, 0);
  return { threshold, window, minimum, pause };
};

const checkSize = (name: string, value: number, most: number): void => {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw new RangeError(expected(`\`${name}\``, `a whole number from 1 to ${most}`, value));
};
