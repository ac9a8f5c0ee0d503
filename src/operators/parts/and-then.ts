import { defer, finalize, noop, Observable } from 'rxjs';
import { endOf } from '../../runtime/flow/end-of.ts';
import { subscribeFor } from '../../runtime/flow/subscribe-for.ts';

/**
 * Passes a stream on, leaves it once it has completed, and only then goes on with what `next` makes. Like `concat`, but
 * the values of `next` reach the reader with nothing in between, however often this is nested there.
 */
export const andThen = <T>(first: Observable<T>, next: () => Observable<T>): Observable<T> =>
  new Observable((subscriber) => {
    let completed = false;
    const goOn = () => {
      if (completed && !subscriber.closed) defer(next).subscribe(subscriber);
    };
    subscribeFor(subscriber, endOf(first, subscriber).pipe(finalize(goOn)), {
      next: noop,
      error: (error) => subscriber.error(error),
      complete: () => {
        completed = true;
      },
    });
  });
