import { defer, type Observable } from 'rxjs';
import { frameStorage } from '#frame-storage';
import { crossFrames } from './cross-frames.ts';
import { Frame } from './frame.ts';
import { reportEnd } from './report-end.ts';
import type { StepKind } from './run-event.ts';

/** Does one piece of work as a step of the current run; outside a run it only does the work. */
export const asStep = <T>(kind: StepKind, name: string, work: (frame?: Frame) => Observable<T>): Observable<T> =>
  defer(() => {
    const outer = frameStorage.getStore();
    if (outer === undefined) return work();
    const frame = new Frame(kind, name, outer);
    frame.report({ type: 'start' });
    return defer(() => work(frame)).pipe(reportEnd(frame), crossFrames(frame, outer));
  });
