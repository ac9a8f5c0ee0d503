import { defer, type Observable, ReplaySubject, switchMap, take, tap } from 'rxjs';
import { frameStorage } from '#frame-storage';
import { checkOptions } from '../runtime/check-options.ts';
import { checkTimeouts } from '../runtime/check-timeouts.ts';
import { checkWorkflow } from '../runtime/check-workflow.ts';
import { expected } from '../runtime/expected.ts';
import { alarmed } from '../runtime/flow/alarmed.ts';
import { mapError } from '../runtime/flow/map-error.ts';
import { crossFrames } from '../runtime/frames/cross-frames.ts';
import { Frame } from '../runtime/frames/frame.ts';
import { reportEnd } from '../runtime/frames/report-end.ts';
import type { Timeouts } from '../runtime/timeouts.ts';
import { withPath } from '../runtime/with-path.ts';
import type { Workflow } from '../runtime/workflow.ts';
import { AnswerText } from './parts/answer-text.ts';
import { overdue } from './parts/overdue.ts';

/** Settings of `step`. */
export type StepOptions = {
  /**
   * Milliseconds from the first input to the end of the step, which fails with a {@link TimeoutError} where that is not enough.
   * Defaults to no limit.
   */
  readonly deadline?: NonNullable<Timeouts['deadline']>;
};

/**
 * Names a stretch of a workflow.
 *
 * Puts up a sign: errors that begin inside say its name, and a run lists it.
 *
 * ```text
 * source   -a--b--|
 *          step('shout', map((x) => x.toUpperCase()))
 * result   -A--B--|
 * ```
 *
 * Values pass as if the workflow stood there alone. An error that is not a {@link WorkflowError} becomes the `cause` of
 * one, so that it can carry the path; an error of the source passes untouched.
 *
 * @example
 * ```ts
 * article$.pipe(
 *   step('summarise', inferText(small, (article) => `Summarise:\n${article}`)),
 *   step('translate', inferText(small, (summary) => `Translate to French:\n${summary}`)),
 * ); // fails, if it does, with an error whose path is ['summarise'] or ['translate']
 * ```
 *
 * @param name Not empty.
 * @param workflow The stretch.
 * @param options `deadline`, in milliseconds.
 * @returns The same workflow, named.
 * @throws TypeError, RangeError when it is made with a name that is not a string or is empty, or a deadline that is none.
 */
export const step = <I, O>(name: string, workflow: Workflow<I, O>, options: StepOptions = {}): Workflow<I, O> => {
  if (typeof name !== 'string' || name === '') {
    throw new TypeError(expected("a step's name", 'a string that is not empty', name));
  }
  checkWorkflow('the workflow of step', workflow);
  checkOptions('step', options, ['deadline']);
  checkTimeouts(options);
  const timed = fromFirst(workflow, options.deadline);
  return (source) =>
    defer(() => {
      let passing: { error: unknown } | undefined;
      const inputs = source.pipe(tap({ error: (error) => (passing = { error }) }));
      return withinFrame(name, inputs, timed).pipe(
        mapError((error) => (passing?.error === error && passing ? error : withPath(error, name))),
      );
    });
};

/** Limits the time of a workflow from its first input on. */
const fromFirst = <I, O>(workflow: Workflow<I, O>, deadline: number | undefined): Workflow<I, O> => {
  if (deadline === undefined) return workflow;
  return (source) =>
    defer(() => {
      const begun = new ReplaySubject<unknown>(1);
      const answer = new AnswerText();
      const late = begun.pipe(
        take(1),
        switchMap(() => overdue('deadline', deadline, () => answer.text)),
      );
      return source.pipe(
        tap((input) => begun.next(input)),
        workflow,
        tap((value) => answer.take(value)),
        alarmed<O>(late),
      );
    });
};

const withinFrame = <I, O>(name: string, inputs: Observable<I>, workflow: Workflow<I, O>): Observable<O> => {
  const outer = frameStorage.getStore();
  if (outer === undefined) return inputs.pipe(workflow);
  const frame = new Frame('step', name, outer);
  const start = () => frame.report({ type: 'start' });
  return inputs.pipe(tap(start), crossFrames(outer, frame), workflow, reportEnd(frame), crossFrames(frame, outer));
};
