import { catchError, type MonoTypeOperatorFunction, throwError } from 'rxjs';
import { atEnd } from './at-end.ts';

/** Changes the error with which a stream fails, once all of the stream has been left. */
export const mapError = <T>(change: (error: unknown) => unknown): MonoTypeOperatorFunction<T> =>
  atEnd(catchError((error) => throwError(() => change(error))));
