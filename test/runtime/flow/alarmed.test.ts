import { marbles } from 'millrace/testing';
import { catchError, defer, finalize, NEVER, of, range, Subject, take, tap } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { alarmed } from '../../../src/runtime/flow/alarmed.ts';
import { obeysOperatorLaws } from '../../support/operator-laws.ts';
import { outcome } from '../../support/outcome.ts';

describe('alarmed', () => {
  obeysOperatorLaws(() => alarmed<number>(NEVER));

  it(
    'fails when there is an alarm, and leaves the alarm when the source has ended',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const alarm = cold<never>(' -----#');
      const late = cold('         -a-----b|');
      const early = cold('        -a-(b|)');
      const lateSubs = '          ^----!';
      const alarmSubs = ['        ^----!', '^--!'];
      expectObservable(late.pipe(alarmed(alarm))).toBe('-a---#');
      expectObservable(early.pipe(alarmed(alarm))).toBe('-a-(b|)');
      expectSubscriptions(late.subscriptions).toBe(lateSubs);
      expectSubscriptions(alarm.subscriptions).toBe(alarmSubs);
    }),
  );

  it('has left the source when it fails', () => {
    const seen: string[] = [];
    const alarm = new Subject<never>();
    NEVER.pipe(
      finalize(() => seen.push('the source ends')),
      alarmed(alarm),
    ).subscribe({ error: (error) => seen.push(error) });
    alarm.error('late');
    expect(seen).toEqual(['the source ends', 'late']);
  });

  it('stops a synchronous source', () => {
    const alarm = new Subject<never>();
    let made = 0;
    const many = range(1, 1000).pipe(tap(() => ++made === 3 && alarm.error('late')));
    expect(outcome(many.pipe(alarmed(alarm)))).toEqual({ values: [1, 2], error: 'late' });
    expect(made).toBe(3);
  });

  it('is alarmed anew for each subscriber', () => {
    let alarms = 0;
    const alarm = defer(() => {
      if (++alarms === 1) throw new Error('late');
      return NEVER;
    });
    const watched = of(1).pipe(alarmed(alarm));
    expect(
      outcome(
        watched.pipe(
          catchError(() => watched),
          take(1),
        ),
      ).values,
    ).toEqual([1]);
  });
});
