import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import { endOf } from './end-of.ts';

/** Applies an operator to how a stream ends: its values pass beside it. */
export const atEnd =
  <T>(operator: MonoTypeOperatorFunction<T>): MonoTypeOperatorFunction<T> =>
  (source) =>
    new Observable((subscriber) => {
      endOf(source, subscriber).pipe(operator).subscribe(subscriber);
    });
