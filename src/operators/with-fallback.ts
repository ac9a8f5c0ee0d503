import { defer, type Observable, tap } from 'rxjs';
import type { Backend } from '../runtime/backend.ts';
import { checkBackend } from '../runtime/check-backend.ts';
import { expected } from '../runtime/expected.ts';
import type { InferenceEvent } from '../runtime/inference-event.ts';
import type { InferenceRequest } from '../runtime/inference-request.ts';
import { checkFallback } from './parts/check-fallback.ts';
import type { FallbackOptions } from './parts/fallback-options.ts';
import { goOnFrom } from './parts/go-on-from.ts';
import { joinBackends } from './parts/join-backends.ts';
import { takeOver } from './parts/take-over.ts';
import { TakenOver } from './parts/taken-over.ts';

/** Settings of `withFallback`. */
export type WithFallbackOptions = FallbackOptions & {
  /** Names the backend. Defaults to both names, as in `local or cloud`. */
  readonly id?: string;
};

/**
 * Makes one backend of two: where the first cannot answer, the second does.
 *
 * The understudy knows the play, and which line comes next.
 *
 * ```text
 * primary    -a-b-#
 * secondary       -c-|
 *          withFallback(primary, secondary)
 * result     -a-b-rc-(f|)      r: retract, a and b are void; f: finish
 * ```
 *
 * Whatever `onPartial` says, the tokens that stand in the end are the answer in `finish`. The default, `'retract'`, shows
 * every token at once and needs nothing of the second model; a reader who cannot take words back wants `'hold'`. With
 * `'continue'` the tokens of `maxTokens` are shared. `usage` and `timing` count what failed too, and `served` tells which
 * attempt it was. A conversation, or a tool loop, that the second backend has taken over stays with it until that one fails.
 *
 * @example
 * ```ts
 * const model = withFallback(onnx(), withFallback(onnx('phi-4-mini'), openai({ model: 'gpt-5-mini' })));
 * question$.pipe(callTools(model, tools), text());
 * ```
 *
 * @param primary Asked first.
 * @param secondary Asked the same where `when` says so. May be one of these again.
 * @param options `when`, `onPartial`, `tokens` and `id`.
 * @returns A backend like any other.
 * @throws TypeError, RangeError when it is made with an option that is unknown, of the wrong kind or out of range.
 * @throws PartialError when subscribed, with `'fail'` where the first backend fails in the middle.
 * @throws BackendError when subscribed, where the last backend that is asked cannot answer.
 */
export const withFallback = (primary: Backend, secondary: Backend, options: WithFallbackOptions = {}): Backend => {
  checkBackend('the primary backend of withFallback', primary);
  checkBackend('the secondary backend of withFallback', secondary);
  const settings = checkFallback('withFallback', options, ['fail', 'retract', 'continue', 'hold'], ['id']);
  const { id = `${primary.id} or ${secondary.id}` } = options;
  if (typeof id !== 'string' || id === '') throw new TypeError(expected('`id`', 'a string that is not empty', id));
  const takenOver = new TakenOver();

  const infer = (request: InferenceRequest): Observable<InferenceEvent> => {
    const { messages, maxTokens, prefix = '' } = request;
    const [one, other] = takenOver.has(messages) ? [secondary, primary] : [primary, secondary];
    let serving = one;

    const ask = (backend: Backend, asked: InferenceRequest): Observable<InferenceEvent> =>
      defer(() => {
        serving = backend;
        return backend.infer(asked);
      });
    const resume = (text: string, spent: number): Observable<InferenceEvent> | undefined => {
      const rest = maxTokens !== undefined && { maxTokens: Math.max(1, maxTokens - spent) };
      const resumed = { ...request, ...rest, prefix: prefix + text };
      return other.continues?.(resumed) ? ask(other, resumed).pipe(goOnFrom(text, messages)) : undefined;
    };
    const attempts = { first: ask(one, request), second: () => ask(other, request), resume, backend: one.id };
    return takeOver(attempts, settings).pipe(
      tap((event) => {
        if (event.type === 'finish' && serving === secondary) takenOver.add(event.messages);
      }),
    );
  };
  return { id, infer: (request) => defer(() => infer(request)), ...joinBackends(primary, secondary) };
};
