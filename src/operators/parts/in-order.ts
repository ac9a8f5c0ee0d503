import { concatMap, defer, type OperatorFunction } from 'rxjs';

/** Gives numbered values in the order of their numbers, from 0, each as soon as all before it are there. */
export const inOrder =
  <T>(): OperatorFunction<readonly [number, T], T> =>
  (source) =>
    defer(() => {
      const early = new Map<number, T>();
      let next = 0;
      return source.pipe(
        concatMap(([number, value]) => {
          early.set(number, value);
          const ready: T[] = [];
          for (; early.has(next); next++) {
            ready.push(early.get(next) as T);
            early.delete(next);
          }
          return ready;
        }),
      );
    });
