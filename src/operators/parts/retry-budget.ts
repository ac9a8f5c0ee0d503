import { asyncScheduler } from 'rxjs';
import { checkNumber } from '../../runtime/check-number.ts';
import { checkOptions } from '../../runtime/check-options.ts';

/** How many retries there may be. */
export type RetryBudgetOptions = {
  /** Retries that one request more allows: `0.2` is one for every five. Defaults to `0.2`. */
  readonly share?: number;
  /** Retries a second that are allowed however few requests there are. Defaults to `10`. */
  readonly perSecond?: number;
  /** Milliseconds for which a request and a retry count. Defaults to `10_000`. */
  readonly window?: number;
};

/** What was asked in a stretch of time. */
type Slice = { readonly begin: number; requests: number; retries: number };

const slices = 10;

/**
 * Limits retries to a share of all requests, so that a backend that fails is not asked many times as much as one that is
 * well. Every `withRetry` has one of its own; those that are given the same one share it.
 *
 * The scheme, and its figures, are those of Finagle (https://finagle.github.io/blog/2016/02/08/retry-budgets).
 *
 * @example
 * ```ts
 * const budget = new RetryBudget({ share: 0.1 });
 * const [small, large] = [withRetry(openai({ model: 'small' }), { budget }), withRetry(openai({ model: 'large' }), { budget })];
 * ```
 *
 * @throws TypeError, RangeError when it is made with an option that is unknown or out of range.
 */
export class RetryBudget {
  readonly #share: number;
  readonly #reserve: number;
  readonly #window: number;
  /** The newest last. */
  #slices: Slice[] = [];

  constructor(options: RetryBudgetOptions = {}) {
    checkOptions('RetryBudget', options, ['share', 'perSecond', 'window']);
    const { share = 0.2, perSecond = 10, window = 10_000 } = options;
    checkNumber('share', share, 0);
    checkNumber('perSecond', perSecond, 0);
    checkNumber('window', window, 1);
    this.#share = share;
    this.#reserve = (perSecond * window) / 1000;
    this.#window = window;
  }

  /** How many retries there may be now. */
  get balance(): number {
    const counted = this.#counted();
    const [requests, retries] = [sum(counted, 'requests'), sum(counted, 'retries')];
    return Math.max(0, Math.floor(this.#reserve + requests * this.#share - retries));
  }

  /** Counts a request. */
  request(): void {
    this.#slice().requests++;
  }

  /** Counts a retry, where there may be one. */
  retry(): boolean {
    if (this.balance < 1) return false;
    this.#slice().retries++;
    return true;
  }

  #counted(): readonly Slice[] {
    const now = asyncScheduler.now();
    this.#slices = this.#slices.filter(({ begin }) => now - begin < this.#window);
    return this.#slices;
  }

  #slice(): Slice {
    const now = asyncScheduler.now();
    const last = this.#counted().at(-1);
    if (last && now - last.begin < this.#window / slices) return last;
    const next = { begin: now, requests: 0, retries: 0 };
    this.#slices.push(next);
    return next;
  }
}

const sum = (counted: readonly Slice[], what: 'requests' | 'retries'): number =>
  counted.reduce((total, slice) => total + slice[what], 0);
