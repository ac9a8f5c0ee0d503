import { defer, finalize, Observable, Subject, takeUntil } from 'rxjs';

/**
 * Passes a stream on, leaves it once it has completed, and only then goes on with what `next` makes. Like `concat`, but
 * the values of `next` reach the reader with nothing in between, however often this is nested there.
 */
export const andThen = <T>(first: Observable<T>, next: () => Observable<T>): Observable<T> =>
  new Observable((subscriber) => {
    // Registered before the source runs, so that leaving stops a synchronous source too.
    const left = new Subject<void>();
    subscriber.add(() => left.next());
    let completed = false;
    const goOn = () => {
      if (completed && !subscriber.closed) defer(next).subscribe(subscriber);
    };
    first.pipe(takeUntil(left), finalize(goOn)).subscribe({
      next: (value) => subscriber.next(value),
      error: (error) => subscriber.error(error),
      complete: () => {
        completed = true;
      },
    });
  });
