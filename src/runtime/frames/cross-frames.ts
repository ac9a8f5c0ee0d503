import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import { frameStorage } from '#frame-storage';
import { subscribeFor } from '../flow/subscribe-for.ts';
import type { Frame } from './frame.ts';

/** Subscribes to the source in one frame and hands its notifications on in another. */
export const crossFrames =
  <T>(above: Frame | undefined, below: Frame | undefined): MonoTypeOperatorFunction<T> =>
  (source) =>
    new Observable((subscriber) => {
      frameStorage.run(above, () =>
        subscribeFor(subscriber, source, {
          next: (value) => frameStorage.run(below, () => subscriber.next(value)),
          error: (error) => frameStorage.run(below, () => subscriber.error(error)),
          complete: () => frameStorage.run(below, () => subscriber.complete()),
        }),
      );
    });
