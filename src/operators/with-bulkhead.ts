import { asyncScheduler, catchError, defer, map, type Observable, Subscription } from 'rxjs';
import { AdmissionError } from '../runtime/admission-error.ts';
import type { Backend } from '../runtime/backend.ts';
import { BackendError } from '../runtime/backend-error.ts';
import { checkBackend } from '../runtime/check-backend.ts';
import { checkCount } from '../runtime/check-count.ts';
import { checkOptions } from '../runtime/check-options.ts';
import { expected } from '../runtime/expected.ts';
import type { InferenceEvent } from '../runtime/inference-event.ts';
import type { InferenceRequest } from '../runtime/inference-request.ts';
import { wrapBackend } from '../runtime/wrap-backend.ts';
import type { AdmitState } from './parts/admit-options.ts';
import type { BulkheadOptions } from './parts/bulkhead-options.ts';
import { shiftTiming } from './parts/shift-timing.ts';
import { WaitingRoom } from './parts/waiting-room.ts';

/** A backend that does only so much at once. */
export type CrowdedBackend = Backend & {
  /** How busy it is, now and whenever that changes. */
  readonly state: Observable<AdmitState>;
};

/**
 * Makes a backend that is asked only so much at once, by whoever shares it.
 *
 * A doorkeeper: so many inside, so many on the stairs, the rest come back another time.
 *
 * ```text
 * source   -xy------|
 * x         -a-|               a, b: tokens
 * y            -b-|
 *          infer(withBulkhead(model, { concurrency: 1 }), { concurrency: 2 })
 * result   --a-fb-f-|          f: finish
 * ```
 *
 * What waits goes by the request's `priority`, and in order within one; `timing.queue` tells how long it took. Where the queue
 * is full, of the lowest priority what came last fails with a retryable {@link BackendError}. Who leaves the queue makes room in
 * it at once. It is the waiting room of `admit`, before a backend: a run shows it as `admit`.
 *
 * @example
 * ```ts
 * const cloud = withBulkhead(openai({ model: 'gpt-5-mini' }), { concurrency: 8, capacity: 100 });
 * ```
 *
 * @param backend What to ask.
 * @param options `concurrency` and `capacity`.
 * @returns The backend, and its `state`.
 * @throws TypeError, RangeError when it is made without `concurrency`, or with an option that is unknown or out of range.
 * @throws BackendError when subscribed, where nobody else may wait.
 */
export const withBulkhead = (backend: Backend, options: BulkheadOptions): CrowdedBackend => {
  checkBackend('the backend of withBulkhead', backend);
  checkOptions('withBulkhead', options, ['concurrency', 'capacity']);
  const { concurrency, capacity = Number.POSITIVE_INFINITY } = options;
  if (concurrency === undefined) {
    throw new TypeError(expected('`concurrency`', 'a whole number of at least 1', concurrency));
  }
  checkCount('concurrency', concurrency, 1);
  checkCount('capacity', capacity, 0);
  const room = new WaitingRoom({ concurrency, capacity, overflow: 'error' });

  const infer = (request: InferenceRequest): Observable<InferenceEvent> => {
    const start = asyncScheduler.now();
    const answer = defer(() => {
      const waited = asyncScheduler.now() - start;
      const events = backend.infer(request);
      return waited > 0 ? events.pipe(map((event) => shiftTiming(event, waited, waited))) : events;
    });
    return room
      .enter(Subscription.EMPTY, request.priority ?? 0, () => answer)
      .pipe(
        catchError((error) => {
          throw error instanceof AdmissionError ? fullError(backend.id, error) : error;
        }),
      );
  };
  return { ...wrapBackend(backend, (request) => defer(() => infer(request))), state: room.state };
};

const fullError = (backend: string, cause: AdmissionError): BackendError =>
  new BackendError(
    `Expected room for one more request to ${backend}, found ${cause.waiting} that wait of at most ${cause.capacity}: try again later`,
    { backend, retryable: true, cause },
  );
