import { defer, finalize, map, mergeMap, type ObservableInput, type OperatorFunction } from 'rxjs';
import { hold } from '../../runtime/flow/hold.ts';

/**
 * Works on so many inputs at once, as `mergeMap` does, and holds whoever delivers an input until its turn has come: a model
 * does not run ahead of the step behind it by more than one input.
 */
export const inTurn =
  <I, O>(work: (input: I) => ObservableInput<O>, concurrency = 1): OperatorFunction<I, O> =>
  (source) =>
    defer(() => {
      const waiting = new Set<() => void>();
      const begin = (letGo: () => void) => {
        waiting.delete(letGo);
        letGo();
      };
      return source.pipe(
        map((input) => {
          const letGo = hold();
          waiting.add(letGo);
          return { input, letGo };
        }),
        mergeMap(({ input, letGo }) => {
          begin(letGo);
          return work(input);
        }, concurrency),
        // Whoever delivers may have other readers.
        finalize(() => waiting.forEach(begin)),
      );
    });
