import { type MonoTypeOperatorFunction, Observable, Subject, takeUntil } from 'rxjs';
import { frameStorage } from '#frame-storage';
import type { Frame } from './frame.ts';

/** Subscribes to the source in one frame and hands its notifications on in another. */
export const crossFrames =
  <T>(above: Frame | undefined, below: Frame | undefined): MonoTypeOperatorFunction<T> =>
  (source) =>
    new Observable((subscriber) => {
      // Registered before the source runs, so that leaving stops a synchronous source too.
      const left = new Subject<void>();
      subscriber.add(() => left.next());
      frameStorage.run(above, () =>
        source.pipe(takeUntil(left)).subscribe({
          next: (value) => frameStorage.run(below, () => subscriber.next(value)),
          error: (error) => frameStorage.run(below, () => subscriber.error(error)),
          complete: () => frameStorage.run(below, () => subscriber.complete()),
        }),
      );
    });
