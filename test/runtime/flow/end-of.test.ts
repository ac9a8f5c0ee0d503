import { marbles } from 'millrace/testing';
import { concatWith, finalize, merge, NEVER, Observable, range, Subject, takeUntil, tap } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { deliver } from '../../../src/runtime/flow/deliver.ts';
import { endOf } from '../../../src/runtime/flow/end-of.ts';
import { hold } from '../../../src/runtime/flow/hold.ts';

const nobody = { next: () => undefined };

describe('endOf', () => {
  it(
    'gives the end of a stream, and leaves the stream when it is left',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const ending = cold('   -a-b|');
      const failing = cold('  -a-#');
      expectObservable(endOf(ending, nobody)).toBe('----|');
      expectObservable(endOf(failing, nobody)).toBe('---#');
      expectObservable(endOf(ending, nobody), '--!').toBe('-');
      expectSubscriptions(ending.subscriptions).toBe(['^---!', '^-!']);
    }),
  );

  it('hands the values to the reader as they come', () => {
    const seen: unknown[] = [];
    const source = range(1, 2).pipe(tap((value) => seen.push(`made ${value}`)));
    endOf(source, { next: (value) => seen.push(value) }).subscribe({ complete: () => seen.push('the end') });
    expect(seen).toEqual(['made 1', 1, 'made 2', 2, 'the end']);
  });

  it('stops a synchronous source', () => {
    const enough = new Subject<void>();
    let made = 0;
    const many = range(1, 1000).pipe(tap(() => made++));
    const end = endOf(many, { next: (value) => value === 3 && enough.next() });
    end.pipe(takeUntil(enough)).subscribe();
    expect(made).toBe(3);
  });

  it('lets the reader hold who made the value', () => {
    let ready = true;
    const source = new Observable<string>((subscriber) => {
      ready = deliver(subscriber, 'a', () => {
        ready = true;
      });
    });
    const held: (() => void)[] = [];
    endOf(source, { next: () => held.push(hold()) }).subscribe();
    expect(ready).toBe(false);
    held[0]?.();
    expect(ready).toBe(true);
  });

  it.each([1, 2])(
    'hands on nothing through one that has ended, %i from the last, before all of its source is left',
    (around) => {
      const late = new Subject<string>();
      const first = NEVER.pipe(finalize(() => late.next('late')));
      const enough = new Subject<void>();
      const inner = new Observable<string>((subscriber) => {
        merge(endOf(first, subscriber), endOf(late, subscriber)).pipe(takeUntil(enough)).subscribe(subscriber);
      });
      const goingOn = (source: Observable<string>) =>
        new Observable<string>((subscriber) => {
          endOf(source, subscriber).pipe(concatWith(NEVER)).subscribe(subscriber);
        });
      const seen: string[] = [];
      const outer = Array.from({ length: around }, () => goingOn).reduce((source, wrap) => wrap(source), inner);
      outer.subscribe((value) => seen.push(value));
      late.next('in time');
      enough.next();
      expect(seen).toEqual(['in time']);
      expect(late.observed).toBe(false);
    },
  );
});
