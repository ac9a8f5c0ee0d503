import type { OperatorFunction } from 'rxjs';
import type { Backend } from '../runtime/backend.ts';
import { redeliver } from '../runtime/flow/redeliver.ts';
import { asStep } from '../runtime/frames/as-step.ts';
import type { JsonSchema } from '../runtime/json-schema.ts';
import type { Prompt } from '../runtime/prompt.ts';
import type { FromSchema } from '../runtime/schema/from-schema.ts';
import type { StandardSchema } from '../runtime/schema/standard-schema.ts';
import { toMessages } from '../runtime/to-messages.ts';
import { askForJson } from './parts/ask-for-json.ts';
import { checkInferJson } from './parts/check-infer-json.ts';
import { inTurn } from './parts/in-turn.ts';
import type { InferJsonOptions } from './parts/infer-json-options.ts';

/**
 * Asks a model, and gives its answer as a value that matches a schema.
 *
 * A form goes in with the question; it comes back filled in, or it goes back to the counter.
 *
 * ```text
 * source   -x--------y---|
 * answers   -a-|              a: '"one"', which is no integer
 *              -b-|           b: '1'
 *                    -c-|     c: '2'
 *          inferJson(model, { type: 'integer' })
 * result   -------m-----n|    m: 1, n: 2
 * ```
 *
 * The type comes from the schema alone. Every value has passed the schema, whatever the backend enforced; one that
 * enforces nothing gets the schema in the prompt. An answer that does not match goes back to the model with what was
 * found, `repairs` times, unless it was cut off at `maxTokens`. In a run, all attempts are one step and one request:
 * `retract` voids an attempt, and the `finish` at the end counts all. A choice of an `enum` is a classifier for `route`.
 *
 * @example
 * ```ts
 * const company = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } as const;
 * article$.pipe(
 *   inferJson(small, { type: 'array', items: company, maxItems: 5 }, (article) => `Which companies?\n${article}`),
 * ); // Observable<{ name: string }[]>
 * ```
 *
 * @param backend The model.
 * @param schema A JSON Schema, written in place or `as const`; or a Standard Schema, such as one of zod.
 * @param toPrompt Makes the prompt of an input. Defaults to the input itself, which is then a {@link Prompt}.
 * @param options Sampling, `repairs`, `enforce` and `concurrency`.
 * @returns One value per input, in the order of the inputs.
 * @throws TypeError, RangeError when it is made with a wrong option, or a schema that is wrong, too large or hostile.
 * @throws SchemaError when the answer does not match after all `repairs`.
 * @throws TruncatedError when the model reaches `maxTokens` before its JSON is whole.
 * @throws BackendError when the model cannot answer.
 */
export function inferJson<I extends Prompt, const S extends JsonSchema | StandardSchema>(
  backend: Backend,
  schema: S,
  options?: InferJsonOptions,
): OperatorFunction<I, FromSchema<S>>;
/** Makes the prompt of each input with `toPrompt`. */
export function inferJson<I, const S extends JsonSchema | StandardSchema>(
  backend: Backend,
  schema: S,
  toPrompt: (input: I) => Prompt,
  options?: InferJsonOptions,
): OperatorFunction<I, FromSchema<S>>;
export function inferJson<I, const S extends JsonSchema | StandardSchema>(
  backend: Backend,
  schema: S,
  ...rest: readonly unknown[]
): OperatorFunction<I, FromSchema<S>> {
  const { toPrompt, question, concurrency } = checkInferJson<I, S>(backend, schema, rest);
  return inTurn(
    (input: I) =>
      asStep('model', backend.id, (frame) =>
        askForJson(question, toMessages(toPrompt(input)), (event) => frame?.report(event)).pipe(redeliver()),
      ),
    concurrency,
  );
}
