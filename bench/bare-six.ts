import { concatMap, map, type Observable, type OperatorFunction, of } from 'rxjs';

const nest = <I>(inner: OperatorFunction<I, unknown>): OperatorFunction<I, unknown> =>
  concatMap((input) => of(input).pipe(inner));

/** The nesting of ours in bare RxJS: six operators, the innermost of which asks, and each token marked with its branch. */
export const bareSix = (ask: () => Observable<unknown>): OperatorFunction<string, unknown> =>
  nest(nest(nest(nest(concatMap(() => ask().pipe(map((value) => ({ branch: 'answer', value }))))))));
