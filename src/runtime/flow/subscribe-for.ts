import { Observable, type Observer, type Subscriber } from 'rxjs';

/** Subscribes to a source for a subscriber, and leaves all of it as soon as that one is closed. */
export const subscribeFor = <T>(
  subscriber: Subscriber<unknown>,
  source: Observable<T>,
  observer: Observer<T>,
): void => {
  new Observable<T>((reader) => {
    // Before the source runs: what is synchronous, or fails at once with others beneath it, is left too.
    subscriber.add(reader);
    source.subscribe(reader);
  }).subscribe(observer);
};
