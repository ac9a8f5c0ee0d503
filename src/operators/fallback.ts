import { type OperatorFunction, of } from 'rxjs';
import { checkWorkflow } from '../runtime/check-workflow.ts';
import type { InferenceEvent } from '../runtime/inference-event.ts';
import type { Workflow } from '../runtime/workflow.ts';
import { checkFallback } from './parts/check-fallback.ts';
import type { FallbackOptions } from './parts/fallback-options.ts';
import { inTurn } from './parts/in-turn.ts';
import { takeOver } from './parts/take-over.ts';

/**
 * Runs a second workflow on an input where the first one fails.
 *
 * If the lift is stuck, take the stairs, from the ground floor.
 *
 * ```text
 * source     -x-----y---|
 * primary     -a-#
 *                   -b|
 * secondary      -c-|
 *          fallback(primary, secondary)
 * result     --a-rc--b--|      r: retract, a is void
 * ```
 *
 * What the reader has seen when the first workflow fails in the middle is taken back with a `retract`, which `text()` and
 * all else here honours, and the second one starts over. That works for the events of models only: other values cannot be
 * taken back, so that a failure behind the first of them is a {@link PartialError}, as is one behind a `finish`. `hold`
 * shows them once all are there. An error of the second workflow passes as it is. Inputs are taken one at a time.
 *
 * @example
 * ```ts
 * ticket$.pipe(
 *   fallback(inferJson(small, ticketSchema), inferJson(large, ticketSchema), {
 *     when: (error) => error instanceof SchemaError || error instanceof BackendError,
 *   }),
 * );
 * ```
 *
 * @param primary Tried first.
 * @param secondary Runs on the same input where `when` says so. Nest for more: `fallback(one, fallback(two, three))`.
 * @param options `when`, `onPartial` and `tokens`.
 * @returns What the workflow gives that did not fail.
 * @throws TypeError, RangeError when it is made with an option that is unknown, of the wrong kind or out of range.
 * @throws PartialError when the first workflow fails behind what cannot, or shall not, be taken back.
 */
export function fallback<I, A extends InferenceEvent, B>(
  primary: Workflow<I, A>,
  secondary: Workflow<I, B>,
  options?: FallbackOptions<'fail' | 'retract' | 'hold'>,
): OperatorFunction<I, A | B>;
/** Runs a second workflow where the first one fails, for values that cannot be taken back. */
export function fallback<I, A, B>(
  primary: Workflow<I, A>,
  secondary: Workflow<I, B>,
  options?: FallbackOptions<'fail' | 'hold'>,
): OperatorFunction<I, A | B>;
export function fallback<I, A, B>(
  primary: Workflow<I, A>,
  secondary: Workflow<I, B>,
  options: FallbackOptions = {},
): OperatorFunction<I, A | B> {
  checkWorkflow('`primary` of fallback', primary);
  checkWorkflow('`secondary` of fallback', secondary);
  const settings = checkFallback('fallback', options, ['fail', 'retract', 'hold']);
  return inTurn((input: I) =>
    takeOver<A | B>({ first: of(input).pipe(primary), second: () => of(input).pipe(secondary) }, settings),
  );
}
