import { asyncScheduler, concatMap, defer, firstValueFrom, map, type Observable } from 'rxjs';
import { frameStorage } from '#frame-storage';
import type { Attempt } from '../runtime/attempt.ts';
import type { Backend } from '../runtime/backend.ts';
import { inFrame } from '../runtime/frames/in-frame.ts';
import type { InferenceEvent } from '../runtime/inference-event.ts';
import type { InferenceRequest } from '../runtime/inference-request.ts';
import { wrapBackend } from '../runtime/wrap-backend.ts';
import { askInOrder } from './parts/ask-in-order.ts';
import { checkPrefer, type Preferences } from './parts/check-prefer.ts';
import { decide } from './parts/decide.ts';
import type { Preference, PreferOptions } from './parts/prefer-options.ts';
import { shiftTiming } from './parts/shift-timing.ts';
import { withFallback } from './with-fallback.ts';

/** A backend that decides for each request whom to ask. */
export type PreferringBackend = Backend & {
  /** Tells whom a request would be asked, in this order, then who is passed over; each with reasons. Asks nobody. */
  explain(request: Omit<InferenceRequest, 'id'>): Promise<readonly Attempt[]>;
};

/**
 * Makes one backend of a local one and one in the cloud, which decides for each request whom to ask.
 *
 * Cook at home or eat out: it depends on what is in the fridge.
 *
 * ```text
 * local    -------a|
 * cloud       --b-|
 *          prefer(local, cloud, { policy: 'fastest', hedgeAfter: 3 })
 * result   -----b-(f|)         a, b: tokens; f: finish
 * ```
 *
 * The policy gives the order. Passed over is who has no chance as far as is known without asking: a model that is missing
 * or takes more memory than it may, a prompt longer than its context, no network, answers that took longer so far than the
 * `deadline`; where that leaves nobody, all are asked all the same. Where one fails the next takes over, as `withFallback`
 * has it; by default after any {@link BackendError} of a model on this device, and after a retryable one of a server. A
 * conversation, or a tool loop, stays with the backend that gave its last answer. A run shows each decision as a `choose`.
 *
 * @example
 * ```ts
 * const model = prefer(onnx('phi-4-mini'), openai({ model: 'gpt-5-mini' }), 'local-first');
 * console.log(await model.explain({ messages: [{ role: 'user', content: 'Hello' }] }));
 * ```
 *
 * @param local The backend on this device.
 * @param cloud The other one. With `'private'` and `'local-only'` it is not kept, so that nothing can reach it.
 * @param policy A {@link Preference}, or options: `policy`, `hedgeAfter`, `deadline`, `online`, and those of `withFallback`.
 * @returns A backend like any other, which can `explain` itself.
 * @throws TypeError, RangeError when it is made with an option that is unknown, of the wrong kind or out of range, or with a
 *   local backend in the cloud; with `'private'` the local one has to say that it is on this device.
 * @throws BackendError when subscribed, where the last backend that is asked cannot answer.
 */
export const prefer = (local: Backend, cloud: Backend, policy: Preference | PreferOptions): PreferringBackend =>
  // Nothing made here refers to the arguments, but only to those of them that the policy lets be asked.
  preferring(checkPrefer(local, cloud, policy));

const preferring = (preferences: Preferences): PreferringBackend => {
  const backends = preferences.candidates.map(({ backend }) => backend);
  const together = backends.reduceRight((next, backend) => withFallback(backend, next));

  const infer = (request: InferenceRequest): Observable<InferenceEvent> => {
    const [frame, start] = [frameStorage.getStore(), asyncScheduler.now()];
    return decide(preferences, request).pipe(
      concatMap(({ attempts, ...decision }) => {
        frame?.report({ type: 'choose', attempts });
        const decided = asyncScheduler.now() - start;
        const answer = askInOrder(request, decision, preferences).pipe(inFrame(frame));
        return decided > 0 ? answer.pipe(map((event) => shiftTiming(event, decided))) : answer;
      }),
    );
  };
  const explain = async (request: Omit<InferenceRequest, 'id'>): Promise<readonly Attempt[]> =>
    (await firstValueFrom(decide(preferences, request))).attempts;
  return { ...wrapBackend(together, (request) => defer(() => infer(request))), explain };
};
