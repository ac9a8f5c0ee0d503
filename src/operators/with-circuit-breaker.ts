import { defer, type Observable, tap } from 'rxjs';
import { frameStorage } from '#frame-storage';
import type { Backend } from '../runtime/backend.ts';
import { BackendError } from '../runtime/backend-error.ts';
import { checkBackend } from '../runtime/check-backend.ts';
import type { CircuitState } from '../runtime/circuit-state.ts';
import { isRetryable } from '../runtime/is-retryable.ts';
import { wrapBackend } from '../runtime/wrap-backend.ts';
import { checkCircuitBreaker } from './parts/check-circuit-breaker.ts';
import { Circuit } from './parts/circuit.ts';
import type { CircuitBreakerOptions } from './parts/circuit-breaker-options.ts';

/** A backend that is not asked while it is ill. */
export type BreakingBackend = Backend & {
  /** The state of the circuit, now and whenever it changes. */
  readonly state: Observable<CircuitState>;
};

/**
 * Makes a backend that is left alone for a while once many of its requests have failed.
 *
 * A fuse: better one dark room than a burnt house.
 *
 * ```text
 * source   -x-x-x-----x---|
 * model     #
 *             #
 *                     -a|       a: a token
 *          infer(withCircuitBreaker(model))
 * result   -n-n-o------af-|     n: its failure; o: the circuit is open; f: finish
 * state    c--o-------h-c       c: closed; o: open; h: one is tried
 * ```
 *
 * It opens when more than `threshold` of the last requests failed with a `retryable` error, before the first token or behind
 * it. Requests then fail at once, with a retryable {@link BackendError} whose `retryAfter` tells when to try again. After
 * the `pause` the next request is let through, alone: it closes the circuit or opens it anew. Who leaves, and an error that
 * is not retryable, count neither way. A run shows each change as a `circuit`.
 *
 * Put it beneath `withRetry`, which waits for as long as it asks, or beneath `withFallback`, which asks another meanwhile.
 *
 * @example
 * ```ts
 * const cloud = withCircuitBreaker(openai({ model: 'gpt-5-mini' }), { pause: 10_000 });
 * cloud.state.subscribe((state) => console.error(`the cloud is ${state}`));
 * ```
 *
 * @param backend What to ask.
 * @param options `threshold`, `window`, `minimum` and `pause`.
 * @returns The backend, and its `state`.
 * @throws TypeError, RangeError when it is made with an option that is unknown or out of range.
 * @throws BackendError when subscribed, where the circuit is open.
 */
export const withCircuitBreaker = (backend: Backend, options: CircuitBreakerOptions = {}): BreakingBackend => {
  checkBackend('the backend of withCircuitBreaker', backend);
  const circuit = new Circuit(checkCircuitBreaker(options));
  const { id } = backend;

  const broken = wrapBackend(backend, (request) =>
    defer(() => {
      const frame = frameStorage.getStore();
      const passage = circuit.enter((state) => frame?.report({ type: 'circuit', backend: id, state }));
      if (passage === undefined) throw openError(id, circuit.rest);
      const { succeed, fail, abstain } = passage;
      return backend
        .infer(request)
        .pipe(
          tap({ complete: succeed, error: (error) => (isRetryable(error) ? fail() : abstain()), unsubscribe: abstain }),
        );
    }),
  );
  return { ...broken, state: circuit.state.asObservable() };
};

const openError = (backend: string, rest: number): BackendError =>
  new BackendError(`Expected ${backend} to be well, found that most of its last requests failed: try again later`, {
    backend,
    retryable: true,
    ...(rest > 0 && { retryAfter: rest }),
  });
