import { asyncScheduler, concatMap, defer, finalize, map, type Observable } from 'rxjs';
import { frameStorage } from '#frame-storage';
import type { Backend } from '../runtime/backend.ts';
import { BackendError } from '../runtime/backend-error.ts';
import { checkBackend } from '../runtime/check-backend.ts';
import { checkCount } from '../runtime/check-count.ts';
import { checkKeys } from '../runtime/check-keys.ts';
import { inFrame } from '../runtime/frames/in-frame.ts';
import type { InferenceEvent } from '../runtime/inference-event.ts';
import type { InferenceRequest } from '../runtime/inference-request.ts';
import { wrapBackend } from '../runtime/wrap-backend.ts';
import type { BulkheadOptions } from './parts/bulkhead-options.ts';
import { type BulkheadState, Places } from './parts/places.ts';
import { shiftTiming } from './parts/shift-timing.ts';

/** A backend that does only so much at once. */
export type CrowdedBackend = Backend & {
  /** How busy it is, now and whenever that changes. */
  readonly state: Observable<BulkheadState>;
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
 * What waits goes by the request's `priority`, and in order within one; `timing.queue` tells how long it took. A request
 * that finds the queue full fails with a retryable {@link BackendError}. Who leaves the queue makes room in it at once. A run
 * shows a `queue` where a request has to wait.
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
  checkKeys('withBulkhead', options, ['concurrency', 'capacity']);
  const { concurrency, capacity = Number.POSITIVE_INFINITY } = options;
  checkCount('concurrency', concurrency ?? Number.NaN, 1);
  checkCount('capacity', capacity, 0);
  const places = new Places(concurrency, capacity);

  const infer = (request: InferenceRequest): Observable<InferenceEvent> => {
    const [frame, start] = [frameStorage.getStore(), asyncScheduler.now()];
    const place = places.take(request.priority ?? 0);
    if (place === undefined) throw fullError(backend.id, places.state.value);
    if (place.waiting > 0) frame?.report({ type: 'queue', backend: backend.id, waiting: place.waiting });
    return place.free.pipe(
      concatMap(() => {
        const waited = asyncScheduler.now() - start;
        const answer = backend.infer(request).pipe(inFrame(frame));
        return waited > 0 ? answer.pipe(map((event) => shiftTiming(event, waited, waited))) : answer;
      }),
      finalize(place.leave),
    );
  };
  return { ...wrapBackend(backend, (request) => defer(() => infer(request))), state: places.state.asObservable() };
};

const fullError = (backend: string, { running, waiting }: BulkheadState): BackendError =>
  new BackendError(
    `Expected room for one more request to ${backend}, found ${running} that run and ${waiting} that wait: try again later`,
    { backend, retryable: true },
  );
