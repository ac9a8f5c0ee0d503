import {
  asapScheduler,
  catchError,
  defer,
  EMPTY,
  finalize,
  merge,
  type Observable,
  of,
  Subject,
  subscribeOn,
} from 'rxjs';
import { frameStorage } from '#frame-storage';
import { untilAborted } from '../runtime/flow/until-aborted.ts';
import { crossFrames } from '../runtime/frames/cross-frames.ts';
import { Frame } from '../runtime/frames/frame.ts';
import { reportEnd } from '../runtime/frames/report-end.ts';
import type { RunEvent } from '../runtime/frames/run-event.ts';
import type { Workflow } from '../runtime/workflow.ts';
import { checkRun } from './parts/check-run.ts';
import type { RunOptions } from './parts/run-options.ts';
import { withinDeadline } from './parts/within-deadline.ts';

/** A workflow at work: its results, and what happens inside. */
export type Run<O> = Observable<O> & {
  /**
   * What every step does, as it does it. Subscribe before the results: past events are not kept, and this starts
   * nothing. Completes when the run ends, however it ends; an error of the run is an event here.
   */
  readonly events: Observable<RunEvent>;
};

let runs = 0;

/**
 * Runs a workflow on one input, and lets you watch.
 *
 * Glass walls: the results come out as ever, and every step inside can be seen at work.
 *
 * ```text
 * run(step('shout', map((x) => x.toUpperCase())), 'a')
 * results  (A|)
 * events   (rsSR|)    r, s: the run and its step start; S, R: they complete
 * ```
 *
 * Nothing happens before the results are subscribed; each subscription is a run of its own.
 *
 * @example
 * ```ts
 * const headline = run(workflow, article);
 * headline.events.subscribe((event) => event.type === 'token' && write(event.name, event.text));
 * headline.subscribe(console.log);
 * ```
 *
 * @param workflow What to run.
 * @param input One input.
 * @param options `preload`, `deadline`, and `signal`, which can end the run.
 * @returns The results, and beside them `events`.
 * @throws TypeError when it is made with an option that is unknown or of the wrong kind.
 */
export const run = <I, O>(workflow: Workflow<I, O>, input: I, options: RunOptions = {}): Run<O> => {
  checkRun(workflow, options);
  let events = new Subject<RunEvent>();
  let active = 0;

  const ended = () => {
    if (--active > 0) return;
    const over = events;
    events = new Subject();
    over.complete();
  };

  const results = defer(() => {
    active++;
    const outer = frameStorage.getStore();
    const frame = new Frame('run', 'run', { run: `run-${++runs}`, emit: (event) => events.next(event) });
    frame.report({ type: 'start' });
    const inside = of(input).pipe(
      crossFrames(outer, frame),
      workflow,
      withinDeadline(options.deadline),
      untilAborted(options.signal),
      reportEnd(frame),
    );
    const ahead = preload(options).subscribe();
    return inside.pipe(
      crossFrames(frame, outer),
      finalize(() => ahead.unsubscribe()),
      finalize(ended),
    );
  });

  return Object.assign(results, { events: defer(() => events) });
};

/** Begins after the steps, so that what the first of them needs comes first. */
const preload = ({ preload: backends = [] }: RunOptions): Observable<never> => {
  const loads = backends.map((backend) => backend.preload?.().pipe(catchError(() => EMPTY)) ?? EMPTY);
  return merge(...loads).pipe(subscribeOn(asapScheduler));
};
