import { identity, type MonoTypeOperatorFunction, Observable } from 'rxjs';
import { alarmed } from './alarmed.ts';

/** Leaves the source when the signal aborts, and only then fails with the signal's reason, whatever that is. */
export const untilAborted = <T>(signal: AbortSignal | undefined): MonoTypeOperatorFunction<T> =>
  signal === undefined ? identity : alarmed(abortOf(signal));

const abortOf = (signal: AbortSignal): Observable<never> =>
  new Observable((subscriber) => {
    const tell = () => subscriber.error(signal.reason);
    if (signal.aborted) return tell();
    // A signal may live as long as its process: it keeps no listener of a stream that has ended.
    signal.addEventListener('abort', tell);
    return () => signal.removeEventListener('abort', tell);
  });
