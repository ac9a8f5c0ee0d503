import { concat, defer, EMPTY, identity, type MonoTypeOperatorFunction, Observable, takeUntil, throwError } from 'rxjs';

/** Leaves the source when the signal aborts, and only then fails with the signal's reason, whatever that is. */
export const untilAborted = <T>(signal: AbortSignal | undefined): MonoTypeOperatorFunction<T> => {
  if (signal === undefined) return identity;
  const failure = defer(() => (signal.aborted ? throwError(() => signal.reason) : EMPTY));
  return (source) => concat(source.pipe(takeUntil(abortOf(signal))), failure);
};

const abortOf = (signal: AbortSignal): Observable<void> =>
  new Observable((subscriber) => {
    const tell = () => subscriber.next();
    if (signal.aborted) return tell();
    // A signal may live as long as its process: it keeps no listener of a stream that has ended.
    signal.addEventListener('abort', tell);
    return () => signal.removeEventListener('abort', tell);
  });
