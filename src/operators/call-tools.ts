import type { OperatorFunction } from 'rxjs';
import type { Backend } from '../runtime/backend.ts';
import type { InferenceEvent } from '../runtime/inference-event.ts';
import type { Prompt } from '../runtime/prompt.ts';
import { toMessages } from '../runtime/to-messages.ts';
import type { CallToolsOptions } from './parts/call-tools-options.ts';
import { checkToolLoop } from './parts/check-tool-loop.ts';
import { inTurn } from './parts/in-turn.ts';
import { onceOnly } from './parts/once-only.ts';
import type { Tool } from './parts/tool.ts';
import { toolRounds } from './parts/tool-rounds.ts';

/**
 * Asks a model that may call tools, and asks again with their results, until it answers without a call.
 *
 * The model picks up the telephone, listens, and only then speaks.
 *
 * ```text
 * source   -x-----------|
 * first     -a-k|               a, b: tokens; k: calls the tool
 * tool          --(t|)          t: its output
 * second          -b-|
 *          callTools(model, [tool])
 * result   --a-k--rb-f--|       r: t goes back to the model; f: finish
 * ```
 *
 * The events of every round come as they are written, but for one `finish` at the end: its `usage` and `timing` add up
 * the rounds, without the time of the tools, and `firstToken` is that of the first. A round is a request of its own, so
 * that `text()` gives the last answer alone. A call whose arguments do not match, or of a tool that is not there, goes
 * back to the model as an error to mend; so does what a tool throws. A `toolChoice` that forces a call holds for the
 * first round only, or there would be no end. When the reader leaves, tools at work are aborted and none begins. Inputs
 * are taken one at a time.
 *
 * Where a round is retried or another model takes over beneath, as with `withRetry`, `withFallback` and `prefer`, finished
 * tools do not run again: their results are in the request. Around it, `retry()` and `fallback` start the conversation anew,
 * and its tools run again. Once one has begun that is not `idempotent`, a {@link BackendError} is not `retryable` any more,
 * so that by default nothing does that.
 *
 * @example
 * ```ts
 * of('Is the X200 in stock?').pipe(callTools(model, [searchDb, sendEmail]), text()).subscribe(console.log);
 * ```
 *
 * @param backend The model.
 * @param tools Made with `tool`, each with a name of its own.
 * @param toPrompt Makes the prompt of an input. Defaults to the input itself, which is then a {@link Prompt}.
 * @param options Sampling, `toolChoice`, `maxRounds`, `concurrency`, `repairs` and `onToolError`.
 * @returns The events of all rounds, and those of the tools' results in the order of the calls.
 * @throws TypeError, RangeError when it is made with an option that is unknown or out of range.
 * @throws ToolError when calls cannot be run after all `repairs`, or a tool fails where `onToolError` is `'throw'`.
 * @throws ToolRoundsError when the model still calls a tool in round `maxRounds`, once that has run.
 */
export function callTools<I extends Prompt>(
  backend: Backend,
  tools: readonly Tool[],
  options?: CallToolsOptions,
): OperatorFunction<I, InferenceEvent>;
/** Makes the prompt of each input with `toPrompt`. */
export function callTools<I>(
  backend: Backend,
  tools: readonly Tool[],
  toPrompt: (input: I) => Prompt,
  options?: CallToolsOptions,
): OperatorFunction<I, InferenceEvent>;
export function callTools<I>(
  backend: Backend,
  tools: readonly Tool[],
  ...rest: readonly unknown[]
): OperatorFunction<I, InferenceEvent> {
  const { toPrompt, ...loop } = checkToolLoop<I>(backend, tools, rest);
  const own = [...tools];
  return inTurn((input: I) =>
    onceOnly(own, (watched) => toolRounds(backend, watched, loop)(toMessages(toPrompt(input)))),
  );
}
