import { marbles } from 'millrace/testing';
import { concat, finalize, of, range, take, tap, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { andThen } from '../../../src/operators/parts/and-then.ts';
import { outcome } from '../../support/outcome.ts';

describe('andThen', () => {
  it(
    'passes a stream on, and goes on when it has completed',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const first = cold(' -a-b|');
      const next = cold('      -c-d|');
      const firstSubs = '  ^---!';
      const nextSubs = '   ----^---!';
      const expected = '   -a-b-c-d|';
      expectObservable(andThen(first, () => next)).toBe(expected);
      expectSubscriptions(first.subscriptions).toBe(firstSubs);
      expectSubscriptions(next.subscriptions).toBe(nextSubs);
    }),
  );

  it(
    'leaves either when the reader leaves',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const first = cold('  -a-b|');
      const next = cold('       -c-d|');
      const early = '       --!';
      const late = '        ------!';
      const firstSubs = ['  ^-!', '^---!'];
      const nextSubs = '    ----^-!';
      expectObservable(
        andThen(first, () => next),
        early,
      ).toBe('-a');
      expectObservable(
        andThen(first, () => next),
        late,
      ).toBe('-a-b-c');
      expectSubscriptions(first.subscriptions).toBe(firstSubs);
      expectSubscriptions(next.subscriptions).toBe(nextSubs);
    }),
  );

  it('has left the first stream before it goes on', () => {
    const seen: string[] = [];
    const first = of('a').pipe(finalize(() => seen.push('left')));
    outcome(andThen(first, () => of('b')).pipe(tap((value) => seen.push(value))));
    expect(seen).toEqual(['a', 'left', 'b']);
  });

  it('stops synchronous streams, and does not go on after the reader left', () => {
    let read = 0;
    let made = 0;
    const count = range(1, 1000).pipe(tap(() => read++));
    const next = () => {
      made++;
      return count;
    };
    expect(outcome(andThen(count, next).pipe(take(1)))).toEqual({ values: [1] });
    expect([read, made]).toEqual([1, 0]);
    expect(outcome(andThen(of(0), next).pipe(take(2)))).toEqual({ values: [0, 1] });
    expect([read, made]).toEqual([2, 1]);
  });

  it('fails with an error of the first stream, of the next, or of what makes it', () => {
    const failing = concat(
      of('a'),
      throwError(() => 'no'),
    );
    expect(outcome(andThen(failing, () => of('b')))).toEqual({ values: ['a'], error: 'no' });
    expect(outcome(andThen(of('b'), () => failing))).toEqual({ values: ['b', 'a'], error: 'no' });
    const thrown = new Error('thrown');
    const throwing = () => {
      throw thrown;
    };
    expect(outcome(andThen(of('b'), throwing))).toEqual({ values: ['b'], error: thrown });
  });
});
