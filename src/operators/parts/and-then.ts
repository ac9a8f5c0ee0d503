import { defer, finalize, Observable } from 'rxjs';
import { subscribeFor } from '../../runtime/flow/subscribe-for.ts';

/**
 * Passes a stream on, leaves it once it has completed, and only then goes on with what `next` makes. Like `concat`, but
 * the values of `next` reach the reader with nothing in between, however often this is nested there.
 *
 * @param passes Tells which values of the first stream are passed on. Defaults to all.
 */
export const andThen = <T>(
  first: Observable<T>,
  next: () => Observable<T>,
  passes: (value: T) => boolean = () => true,
): Observable<T> =>
  new Observable((subscriber) => {
    let completed = false;
    const goOn = () => {
      if (completed && !subscriber.closed) defer(next).subscribe(subscriber);
    };
    subscribeFor(subscriber, first.pipe(finalize(goOn)), {
      next: (value) => {
        if (passes(value)) subscriber.next(value);
      },
      error: (error) => subscriber.error(error),
      complete: () => {
        completed = true;
      },
    });
  });
