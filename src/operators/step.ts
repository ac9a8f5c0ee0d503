import { catchError, defer, type Observable, tap, throwError } from 'rxjs';
import { frameStorage } from '#frame-storage';
import { crossFrames } from '../runtime/frames/cross-frames.ts';
import { Frame } from '../runtime/frames/frame.ts';
import { reportEnd } from '../runtime/frames/report-end.ts';
import { withPath } from '../runtime/with-path.ts';
import type { Workflow } from '../runtime/workflow.ts';

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
 * @returns The same workflow, named.
 * @throws TypeError when it is made with a name that is not a string or is empty.
 */
export const step = <I, O>(name: string, workflow: Workflow<I, O>): Workflow<I, O> => {
  if (typeof name !== 'string' || name === '') {
    throw new TypeError(`Expected a step's name to be a string that is not empty, received ${JSON.stringify(name)}`);
  }
  return (source) =>
    defer(() => {
      let passing: { error: unknown } | undefined;
      const inputs = source.pipe(tap({ error: (error) => (passing = { error }) }));
      return withinFrame(name, inputs, workflow).pipe(
        catchError((error) => throwError(() => (passing?.error === error && passing ? error : withPath(error, name)))),
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
