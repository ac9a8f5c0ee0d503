import { type OperatorFunction, pipe } from 'rxjs';
import type { Backend } from '../runtime/backend.ts';
import type { InferOptions } from '../runtime/infer-options.ts';
import type { Prompt } from '../runtime/prompt.ts';
import { infer } from './infer.ts';
import { text } from './text.ts';

/**
 * Asks a model, and gives its whole answer as one string.
 *
 * A question goes in, an answer comes out.
 *
 * ```text
 * source   -x-----y--|
 * answers   -a-b-|           a, b, c: tokens
 *                 -c-|
 *          inferText(model)
 * result   ------m---(n|)      m: 'ab', n: 'c'
 * ```
 *
 * The same as `infer` followed by `text()`, so that one answer can be the next one's question.
 *
 * @example
 * ```ts
 * article$.pipe(
 *   inferText(small, (article) => `Summarise in three sentences:\n${article}`),
 *   inferText(small, (summary) => `Write a headline for:\n${summary}`),
 * );
 * ```
 *
 * @param backend The model.
 * @param toPrompt Makes the prompt of an input. Defaults to the input itself.
 * @param options As of `infer`.
 * @returns One string per input, in the order of the inputs.
 * @throws TypeError, RangeError when it is made with an option that is unknown or out of range.
 * @throws BackendError when the model cannot answer.
 */
export function inferText<I extends Prompt>(backend: Backend, options?: InferOptions): OperatorFunction<I, string>;
/** Asks with the prompt that `toPrompt` makes of each input. */
export function inferText<I>(
  backend: Backend,
  toPrompt: (input: I) => Prompt,
  options?: InferOptions,
): OperatorFunction<I, string>;
export function inferText<I>(backend: Backend, ...rest: readonly unknown[]): OperatorFunction<I, string> {
  return pipe(infer(backend, ...(rest as [(input: I) => Prompt, InferOptions?])), text());
}
