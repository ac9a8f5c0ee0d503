import {
  catchError,
  concat,
  defer,
  EMPTY,
  type MonoTypeOperatorFunction,
  type Observable,
  of,
  takeUntil,
  throwError,
} from 'rxjs';

/**
 * Passes a stream on while it keeps quiet who may fail it: `alarms` is subscribed beside it, and left with it. The stream is
 * left before that failure is passed on, so that what it tells of its end comes first.
 */
export const alarmed =
  <T>(alarms: Observable<never>): MonoTypeOperatorFunction<T> =>
  (source) =>
    defer(() => {
      let failure: Observable<never> = EMPTY;
      const alarm = alarms.pipe(
        catchError((error) => {
          failure = throwError(() => error);
          return of('alarm');
        }),
      );
      return concat(
        source.pipe(takeUntil(alarm)),
        defer(() => failure),
      );
    });
