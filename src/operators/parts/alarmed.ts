import { defer, finalize, type MonoTypeOperatorFunction, merge, type Observable, Subject, takeUntil } from 'rxjs';

/** Passes a stream on while it keeps quiet who may fail it: `alarms` is subscribed beside it, and left with it. */
export const alarmed =
  <T>(alarms: Observable<never>): MonoTypeOperatorFunction<T> =>
  (source) =>
    defer(() => {
      const ended = new Subject<void>();
      return merge(alarms.pipe(takeUntil(ended)), source.pipe(finalize(() => ended.next())));
    });
