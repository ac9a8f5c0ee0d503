import type { OperatorFunction } from 'rxjs';
import type { Backend } from '../runtime/backend.ts';
import { checkInference } from '../runtime/check-inference.ts';
import type { InferOptions } from '../runtime/infer-options.ts';
import type { InferenceEvent } from '../runtime/inference-event.ts';
import type { Prompt } from '../runtime/prompt.ts';
import { askModel } from './parts/ask-model.ts';
import { inTurn } from './parts/in-turn.ts';
import { withinDeadline } from './parts/within-deadline.ts';

/**
 * Asks a model, and streams its answer as it is written.
 *
 * A question goes in, words come out.
 *
 * ```text
 * source   -x-----y--|
 * answers   -a-b-|           a, b, c: tokens
 *                 -c-|
 *          infer(model)
 * result   --a-b-f-c-(f|)      f: finish
 * ```
 *
 * One question at a time unless `concurrency` says otherwise: the next waits until the answer before it has finished, and
 * so does the model that wrote it. Where nothing writes questions but a list or a timer has them, the line has no end. Leaving stops the model within one token.
 *
 * @example
 * ```ts
 * of('Name a river.').pipe(infer(small, { maxTokens: 20 })).subscribe((event) => {
 *   if (event.type === 'token') process.stdout.write(event.text);
 * });
 * ```
 *
 * @param backend The model.
 * @param toPrompt Makes the prompt of an input. Defaults to the input itself, which is then a {@link Prompt}.
 * @param options Sampling, tools, a schema, time-outs, and `concurrency`.
 * @returns The events of every answer; each ends with one `finish`.
 * @throws TypeError, RangeError when it is made with an option that is unknown or out of range.
 * @throws BackendError when the model cannot answer; TimeoutError when it takes longer than it may.
 */
export function infer<I extends Prompt>(backend: Backend, options?: InferOptions): OperatorFunction<I, InferenceEvent>;
/** Asks with the prompt that `toPrompt` makes of each input. */
export function infer<I>(
  backend: Backend,
  toPrompt: (input: I) => Prompt,
  options?: InferOptions,
): OperatorFunction<I, InferenceEvent>;
export function infer<I>(backend: Backend, ...rest: readonly unknown[]): OperatorFunction<I, InferenceEvent> {
  const { toPrompt, fields, timeouts, concurrency } = checkInference<I>('infer', backend, rest);
  const answer = (input: I) => askModel(backend, fields, timeouts, () => toPrompt(input));
  return inTurn((input: I) => answer(input).pipe(withinDeadline(timeouts.deadline)), concurrency);
}
