import { type Observable, type Observer, Subject, type Subscriber, takeUntil } from 'rxjs';

/** Subscribes to a source for a subscriber, and leaves all of it as soon as that one is closed. */
export const subscribeFor = <T>(
  subscriber: Subscriber<unknown>,
  source: Observable<T>,
  observer: Observer<T>,
): void => {
  // Registered before the source runs, so that leaving stops a synchronous source too.
  const left = new Subject<void>();
  subscriber.add(() => left.next());
  // A source that is failing does not hear of that any more, and has others beneath it that still run.
  subscriber.add(source.pipe(takeUntil(left)).subscribe(observer));
};
