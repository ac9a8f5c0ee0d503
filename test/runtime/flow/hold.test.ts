import { delay, map, merge, Observable, of, Subject, Subscriber, share, tap } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { deliver } from '../../../src/runtime/flow/deliver.ts';
import { hold } from '../../../src/runtime/flow/hold.ts';
import { marbles } from '../../../src/testing/marbles.ts';

/** Counts from 1, as fast as its reader lets it. */
const counting = (made: number[] = []): Observable<number> =>
  new Observable((subscriber) => {
    const make = () => {
      while (!subscriber.closed) {
        made.push(made.length + 1);
        if (!deliver(subscriber, made.length, make)) return;
      }
    };
    make();
  });

describe('hold', () => {
  it('makes the producer wait until it is let go', () => {
    const made: number[] = [];
    const releases: (() => void)[] = [];
    const reader = counting(made).subscribe(() => releases.push(hold()));
    expect(made).toEqual([1]);
    releases[0]?.();
    expect(made).toEqual([1, 2]);
    releases[0]?.();
    expect(made).toEqual([1, 2]);
    reader.unsubscribe();
    releases[1]?.();
    expect(made).toEqual([1, 2]);
  });

  it('finds the producer through the operators in between', () => {
    const made: number[] = [];
    const holding = counting(made).pipe(
      map((value) => value * 2),
      tap(() => hold()),
      share(),
    );
    merge(holding, of('beside')).subscribe();
    expect(made).toEqual([1]);
  });

  it('lets the slowest of several readers decide', () => {
    const made: number[] = [];
    const slow: (() => void)[] = [];
    const slower: (() => void)[] = [];
    const readers = new Subject<number>();
    readers.subscribe(() => slow.push(hold()));
    readers.subscribe(() => slower.push(hold()));
    counting(made).subscribe(readers);
    slow[0]?.();
    expect(made).toEqual([1]);
    slower[0]?.();
    expect(made).toEqual([1, 2]);
  });

  it('holds the innermost producer alone', () => {
    const outer: number[] = [];
    const inner: number[] = [];
    counting(outer)
      .pipe(tap(() => counting(inner).subscribe(() => hold())))
      .subscribe((value) => value === 3 && hold());
    expect(inner).toEqual([1, 2, 3]);
    expect(outer).toEqual([1, 2, 3]);
  });

  it('lets a producer go on that was released before its delivery was over', () => {
    const made: number[] = [];
    counting(made).subscribe((value) => {
      const release = hold();
      if (value < 5) release();
    });
    expect(made).toEqual([1, 2, 3, 4, 5]);
  });

  it('does nothing where nobody is delivering', () => {
    expect(() => hold()()).not.toThrow();
  });

  it(
    'finds nobody behind an operator that leaves the call stack',
    marbles(({ cold, expectObservable }) => {
      const source = cold('ab|').pipe(
        delay(1),
        tap(() => hold()),
      );
      expectObservable(source).toBe('-a(b|)');
    }),
  );

  it('forgets a delivery whose reader throws', () => {
    let resumed = false;
    const thrower = new Subscriber<number>();
    thrower.next = () => {
      throw new Error('full');
    };
    expect(() => deliver(thrower, 1, () => (resumed = true))).toThrow('full');
    hold()();
    expect(resumed).toBe(false);
  });
});
