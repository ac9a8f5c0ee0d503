import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import { frameStorage } from '#frame-storage';
import type { Frame } from './frame.ts';

/** Subscribes to the source in a frame, from wherever it is subscribed. */
export const inFrame =
  <T>(frame: Frame | undefined): MonoTypeOperatorFunction<T> =>
  (source) =>
    new Observable((subscriber) => frameStorage.run(frame, () => source.subscribe(subscriber)));
