import { finalize, map, mergeMap, Observable, type OperatorFunction } from 'rxjs';
import { endOf } from '../../runtime/flow/end-of.ts';
import { hold } from '../../runtime/flow/hold.ts';

/**
 * Works on so many inputs at once, as `mergeMap` does, and holds whoever delivers an input until its turn has come: a model
 * does not run ahead of the step behind it by more than one input.
 */
export const inTurn =
  <I, O>(work: (input: I) => Observable<O>, concurrency = 1): OperatorFunction<I, O> =>
  (source) =>
    new Observable((subscriber) => {
      const waiting = new Set<() => void>();
      const begin = (letGo: () => void) => {
        waiting.delete(letGo);
        letGo();
      };
      const worked = source.pipe(
        map((input) => {
          const letGo = hold();
          waiting.add(letGo);
          return { input, letGo };
        }),
        mergeMap(({ input, letGo }) => {
          begin(letGo);
          return endOf(work(input), subscriber);
        }, concurrency),
        // Whoever delivers may have other readers.
        finalize(() => waiting.forEach(begin)),
      );
      worked.subscribe(subscriber);
    });
