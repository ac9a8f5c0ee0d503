import { defer, type Observable, take } from 'rxjs';
import { frameStorage } from '#frame-storage';
import { endOf } from '../../runtime/flow/end-of.ts';
import { crossFrames } from '../../runtime/frames/cross-frames.ts';
import { andThen } from './and-then.ts';

/**
 * Takes the first value of a stream, leaves the stream, and only then goes on with what `next` makes of the value;
 * of `undefined` where the stream is empty. `next` runs in the frame of the subscriber, wherever the value came from.
 */
export const afterFirst = <T, O>(source: Observable<T>, next: (value: T | undefined) => Observable<O>): Observable<O> =>
  defer(() => {
    let first: T | undefined;
    const frame = frameStorage.getStore();
    const read = endOf(source.pipe(take(1)), {
      next: (value) => {
        first = value;
      },
    });
    return andThen<O>(frame ? read.pipe(crossFrames(frame, frame)) : read, () => next(first));
  });
