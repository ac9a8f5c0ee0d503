import { CountBreaker, CircuitState as Phase } from 'cockatiel';
import { asyncScheduler, BehaviorSubject } from 'rxjs';
import type { CircuitState } from '../../runtime/circuit-state.ts';
import type { CircuitBreakerOptions } from './circuit-breaker-options.ts';

/** How a request that was let through ends; the first of these counts. */
export type Passage = {
  readonly succeed: () => void;
  readonly fail: () => void;
  /** It tells nothing of the backend's health. */
  readonly abstain: () => void;
};

/**
 * The states of a circuit breaker. Cockatiel counts; its policy is not used, since that runs promises by `Date.now`, cannot
 * tell who leaves from who fails, and closes when the one request of a half-open circuit is cancelled.
 */
export class Circuit {
  readonly state: BehaviorSubject<CircuitState> = new BehaviorSubject<CircuitState>('closed');
  readonly #breaker: CountBreaker;
  readonly #pause: number;
  #opened = 0;
  /** Rises with each change of state: what began before one says nothing about the time after it. */
  #era = 0;

  constructor({ threshold, window, minimum, pause }: Required<CircuitBreakerOptions>) {
    this.#breaker = new CountBreaker({ threshold, size: window, minimumNumberOfCalls: minimum });
    this.#pause = pause;
  }

  /** Milliseconds until a request may try again; 0 where that depends on one that is tried now, or is over. */
  get rest(): number {
    return this.state.value === 'open' ? Math.max(0, this.#opened + this.#pause - asyncScheduler.now()) : 0;
  }

  /** Lets a request through, or not. `changed` is told of each change of state that it causes. */
  enter(changed: (state: CircuitState) => void): Passage | undefined {
    if (this.state.value === 'half-open' || this.rest > 0) return undefined;
    const become = (state: CircuitState) => {
      this.#era++;
      changed(state);
      this.state.next(state);
    };
    const trial = this.state.value === 'open';
    if (trial) become('half-open');
    const phase = trial ? Phase.HalfOpen : Phase.Closed;
    const era = this.#era;
    const once = (end: () => void) => () => {
      if (era === this.#era) end();
    };
    return {
      succeed: once(() => {
        this.#breaker.success(phase);
        if (trial) become('closed');
      }),
      fail: once(() => {
        if (!this.#breaker.failure(phase)) return;
        this.#opened = asyncScheduler.now();
        become('open');
      }),
      // The pause is over: the next request is tried.
      abstain: once(() => trial && become('open')),
    };
  }
}
