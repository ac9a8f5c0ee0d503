import { type OperatorFunction, pipe, takeLast, throwIfEmpty } from 'rxjs';
import { WorkflowError } from '../runtime/workflow-error.ts';
import type { Branches } from './parts/branches.ts';
import { checkFanOut } from './parts/check-fan-out.ts';
import { eachBranch } from './parts/each-branch.ts';
import type { FanOut, FanOutOptions, FanOutValue } from './parts/fan-out.ts';
import { inTurn } from './parts/in-turn.ts';
import { joinBranches } from './parts/join-branches.ts';
import { step } from './step.ts';

type Defaults<Outputs> = { readonly [Branch in keyof Outputs]?: unknown };

/**
 * Runs several workflows on the same input, side by side, and joins what they give.
 *
 * Ask three friends at once; when all have answered, go on.
 *
 * ```text
 * source   -x-------------|
 * left      --a-b|
 * right     ---c----d|
 *          mergeFanOut({ left, right })
 * result   ----------r----|         r: { left: 'b', right: 'd' }
 *          mergeFanOut({ left, right }, { emit: 'each' })
 * result   ---acb---d-----|         each as { branch, value }
 *          mergeFanOut({ left, right }, { take: 1 })
 * result   ------l--------|         l: { left: 'b' }; right is cancelled
 * ```
 *
 * A record holds the last value of each branch; a branch that ends without one has failed. A branch that fails cancels
 * the others, and its name stands in the error's `path`, unless `onError` has a value for it. With `take`, such a value
 * wins only where too few of the other branches finish well. With `emit: 'each'` it comes at once, after what the
 * branch gave before it failed. Inputs are taken one at a time.
 *
 * @example
 * ```ts
 * review$.pipe(
 *   mergeFanOut({ tone: inferText(small, toneOf), summary: inferText(small, summaryOf) }, { onError: { tone: null } }),
 *   map(({ tone, summary }) => `${summary} (${tone ?? 'tone unknown'})`),
 * );
 * ```
 *
 * @param branches Workflows by name. Each runs as a `step` of that name.
 * @param options `emit`, `take`, `concurrency` and `onError`.
 * @returns One record per input, or with `emit: 'each'` the branches' values.
 * @throws TypeError, RangeError when it is made without branches, or with an option that is unknown or out of range.
 * @throws WorkflowError of the code `fan-out` when a branch ends without a value.
 */
export function mergeFanOut<I, Outputs extends object, const OnError extends Defaults<Outputs> = object>(
  branches: Branches<I, Outputs>,
  options?: FanOutOptions<OnError> & { readonly emit?: undefined; readonly take?: undefined },
): OperatorFunction<I, FanOut<Outputs, OnError>>;
/** Gives one record per input, of the first `take` branches to finish; the others are cancelled. */
export function mergeFanOut<I, Outputs extends object, const OnError extends Defaults<Outputs> = object>(
  branches: Branches<I, Outputs>,
  options: FanOutOptions<OnError> & { readonly emit?: undefined; readonly take: number },
): OperatorFunction<I, Partial<FanOut<Outputs, OnError>>>;
/** Gives the values of all branches as they come, each with the name of its branch. */
export function mergeFanOut<I, Outputs extends object, const OnError extends Defaults<Outputs> = object>(
  branches: Branches<I, Outputs>,
  options: FanOutOptions<OnError> & { readonly emit: 'each' },
): OperatorFunction<I, FanOutValue<Outputs, OnError>>;
export function mergeFanOut<I>(
  branches: Branches<I, object>,
  options: FanOutOptions<object> = {},
): OperatorFunction<I, unknown> {
  const settings = checkFanOut<I>(branches, options);
  const { live } = settings;
  const lastOf = (name: string) =>
    pipe(
      takeLast(1),
      throwIfEmpty(() => new WorkflowError('fan-out', `Expected the branch ${name} to give a value, received none`)),
    );
  const workflows = settings.workflows.map(
    ([name, branch]) => [name, step(name, live ? branch : pipe(branch, lastOf(name)))] as const,
  );
  return inTurn<I, unknown>((live ? eachBranch : joinBranches)({ ...settings, workflows }));
}
