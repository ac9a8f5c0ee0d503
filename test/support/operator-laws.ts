import { marbles } from 'millrace/testing';
import { defer, EMPTY, map, NEVER, type Observable, type OperatorFunction, range, take, tap, throwError } from 'rxjs';
import { expect, it } from 'vitest';

/** Registers the six obligations of every operator. `value` makes an input of a number. */
export const obeysOperatorLaws = <I, O>(
  operator: () => OperatorFunction<I, O>,
  value: (n: number) => I = (n) => n as I,
): void => {
  const empty: Observable<I> = EMPTY;

  it(
    'completes on an empty source',
    marbles(({ expectObservable }) => {
      expectObservable(empty.pipe(operator())).toBe('|');
    }),
  );

  it(
    'passes on the error of the source',
    marbles(({ expectObservable }) => {
      expectObservable(throwError(() => 'error').pipe(operator() as never)).toBe('#');
    }),
  );

  it(
    'stays silent while the source does',
    marbles(({ expectObservable }) => {
      expectObservable((NEVER as Observable<I>).pipe(operator())).toBe('-');
    }),
  );

  it(
    'leaves the source when the reader leaves',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot<I>('-');
      expectObservable(source.pipe(operator()), '---!').toBe('-');
      expectSubscriptions(source.subscriptions).toBe('^--!');
    }),
  );

  it('starts afresh for each subscriber', () => {
    let subscribed = 0;
    const source = defer(() => {
      subscribed++;
      return empty;
    });
    const result = source.pipe(operator());
    expect(subscribed).toBe(0);
    result.subscribe();
    result.subscribe();
    expect(subscribed).toBe(2);
  });

  it('stops a synchronous source', () => {
    let read = 0;
    const source = range(1, 1000).pipe(
      tap(() => read++),
      map(value),
    );
    source.pipe(operator(), take(1)).subscribe();
    expect(read).toBe(1);
  });
};
