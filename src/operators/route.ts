import { type Observable, type OperatorFunction, of } from 'rxjs';
import { frameStorage } from '#frame-storage';
import { RouteError } from '../runtime/route-error.ts';
import type { Workflow } from '../runtime/workflow.ts';
import { afterFirst } from './parts/after-first.ts';
import type { Branches } from './parts/branches.ts';
import { checkRoute } from './parts/check-route.ts';
import { inTurn } from './parts/in-turn.ts';
import { step } from './step.ts';

/** Settings of `route`. */
export type RouteOptions = {
  /** Compares labels without spaces around them and without regard to case, in `branches` too. Defaults to `false`. */
  readonly normalise?: boolean;
  /** How many inputs are on their way at once. Defaults to `1`, which keeps results in the order of inputs. */
  readonly concurrency?: number;
};

/**
 * Sends each input down the branch that a workflow chooses for it.
 *
 * A sorting office: one look at the letter, then off to the right desk.
 *
 * ```text
 * source   -x------y----|
 * labels    -a|
 *                  -b|
 * a          --1-2|
 * b                 -3|
 *          route(labels, { a, b })
 * result   ----1-2---3--|
 * ```
 *
 * The first value of `select` is the label; `select` is left before the branch begins. A label that `select` can give
 * and no branch has does not compile, unless `otherwise` is there to take it. A selector that ignores its input has to
 * say `map(() => 'a' as const)`, since TypeScript takes it for any string.
 *
 * @example
 * ```ts
 * ticket$.pipe(
 *   route(inferJson(small, { type: 'string', enum: ['billing', 'bug'] }, (ticket) => `Which is it?\n${ticket}`), {
 *     billing: inferText(small),
 *     bug: inferText(large),
 *   }),
 * );
 * ```
 *
 * @param select Gives the label of an input: a model, `map(…)`, or a call over the network.
 * @param branches A workflow for each label. Each runs as a `step` of the label's name.
 * @param options `normalise`, `concurrency`, and `otherwise`: a workflow for inputs with any other label, or none. In
 * errors and runs its name is `otherwise`.
 * @returns What the branches give.
 * @throws TypeError, RangeError when it is made without branches, or with an option that is unknown or out of range.
 * @throws RouteError when `select` gives a label that no branch has, or none.
 */
export function route<I, Outputs extends object, Other>(
  select: Workflow<I, string>,
  branches: Branches<I, Outputs>,
  options: RouteOptions & { readonly otherwise: Workflow<I, Other> },
): OperatorFunction<I, Outputs[keyof Outputs] | Other>;
/** Sends each input down the branch that a workflow chooses for it. Every label that it can give has a branch. */
export function route<I, Label extends string, Outputs extends object>(
  select: Workflow<I, Label & keyof Outputs>,
  branches: Branches<I, Outputs>,
  options?: RouteOptions & { readonly otherwise?: undefined },
): OperatorFunction<I, Outputs[keyof Outputs]>;
export function route<I, O>(
  select: Workflow<I, string>,
  branches: { readonly [label: string]: Workflow<I, O> },
  options: RouteOptions & { readonly otherwise?: Workflow<I, O> | undefined } = {},
): OperatorFunction<I, O> {
  const { workflows, toKey, concurrency } = checkRoute(select, branches, options);
  const byKey = new Map(workflows.map(([label, branch]) => [toKey(label), { label, branch: step(label, branch) }]));
  const { otherwise } = options;
  const fallback = otherwise && { label: 'otherwise', branch: step('otherwise', otherwise) };

  const enter = (input: I, label: string | undefined): Observable<O> => {
    const chosen = (label === undefined ? undefined : byKey.get(toKey(label))) ?? fallback;
    if (chosen === undefined) throw new RouteError(label, Object.keys(branches));
    frameStorage.getStore()?.report({ type: 'route', label: chosen.label });
    return of(input).pipe(chosen.branch);
  };
  return inTurn((input: I) => afterFirst(of(input).pipe(select), (label) => enter(input, label)), concurrency);
}
