import { asyncScheduler, defer, map, type Observable, retry, throwError, timer } from 'rxjs';
import { frameStorage } from '#frame-storage';
import type { Backend } from '../runtime/backend.ts';
import { checkBackend } from '../runtime/check-backend.ts';
import { inFrame } from '../runtime/frames/in-frame.ts';
import type { InferenceEvent } from '../runtime/inference-event.ts';
import type { InferenceRequest } from '../runtime/inference-request.ts';
import { isRetryable } from '../runtime/is-retryable.ts';
import { wrapBackend } from '../runtime/wrap-backend.ts';
import { checkRetry } from './parts/check-retry.ts';
import { pauseBefore } from './parts/pause-before.ts';
import type { RetryOptions } from './parts/retry-options.ts';
import { shiftTiming } from './parts/shift-timing.ts';

/**
 * Makes a backend that asks again where a request fails before its first event.
 *
 * Rings again when the line is engaged, after a while, and not for ever.
 *
 * ```text
 * first    --#
 * second       -a-|         a: a token
 *          withRetry(model)
 * result   -----a-(f|)      f: finish
 * ```
 *
 * Only a `retryable` {@link BackendError} is worth another attempt, and none is made once an event has gone out: what to
 * do then is for `fallback` to say. A pause is drawn from nothing up to a bound that doubles with each attempt ("full
 * jitter", https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter), and begins behind the error's
 * `retryAfter` where it has one. Where that takes longer than `maxDelay`, or past the `deadline`, or the `budget` is spent,
 * the error comes at once. Leaving ends the pause. `attempt` of the events rises, also for attempts that gave none; a run
 * shows each as a `retry`.
 *
 * @example
 * ```ts
 * const cloud = withRetry(openai({ model: 'gpt-5-mini' }), { attempts: 5, deadline: 20_000 });
 * ```
 *
 * @param backend What to ask.
 * @param options `attempts`, `minDelay`, `maxDelay`, `deadline`, `budget` and `random`.
 * @returns The backend, with retries.
 * @throws TypeError, RangeError when it is made with an option that is unknown or out of range.
 * @throws BackendError the last one, when subscribed.
 */
export const withRetry = (backend: Backend, options: RetryOptions = {}): Backend => {
  checkBackend('the backend of withRetry', backend);
  const settings = checkRetry(options);

  const infer = (request: InferenceRequest): Observable<InferenceEvent> => {
    const [frame, start] = [frameStorage.getStore(), asyncScheduler.now()];
    let [begun, failures, elapsed] = [false, 0, 0];
    const again = (error: unknown): Observable<unknown> => {
      if (begun || !isRetryable(error)) return throwError(() => error);
      const now = asyncScheduler.now() - start;
      const delay = pauseBefore(++failures, error, now, settings);
      if (delay === undefined) return throwError(() => error);
      elapsed = now + delay;
      frame?.report({ type: 'retry', backend: backend.id, attempt: failures, delay, error });
      return timer(delay);
    };
    settings.budget.request();
    return defer(() => backend.infer(request)).pipe(
      inFrame(frame),
      map((event) => {
        begun = true;
        return failures === 0 ? event : { ...shiftTiming(event, elapsed), attempt: failures + event.attempt };
      }),
      retry({ delay: again }),
    );
  };
  return wrapBackend(backend, (request) => defer(() => infer(request)));
};
