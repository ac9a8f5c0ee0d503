import { NEVER, Observable, of, Subject, share } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { inTurn } from '../../../src/operators/parts/in-turn.ts';
import { deliver } from '../../../src/runtime/flow/deliver.ts';
import { obeysOperatorLaws } from '../../support/operator-laws.ts';

/** Counts from 1, as fast as its readers let it. */
const counting = (made: number[]): Observable<number> =>
  new Observable((subscriber) => {
    const make = () => {
      while (!subscriber.closed && made.length < 100) {
        made.push(made.length + 1);
        if (!deliver(subscriber, made.length, make)) return;
      }
    };
    make();
  });

describe('inTurn', () => {
  obeysOperatorLaws(() => inTurn((n: number) => of(n)));

  it.each([1, 4])('holds the source while %i are under way and one waits', (concurrency) => {
    const made: number[] = [];
    const ends: Subject<void>[] = [];
    counting(made)
      .pipe(
        inTurn(() => {
          const end = new Subject<void>();
          ends.push(end);
          return end;
        }, concurrency),
      )
      .subscribe();
    expect(made).toHaveLength(concurrency + 1);
    ends[0]?.complete();
    expect(ends).toHaveLength(concurrency + 1);
    expect(made).toHaveLength(concurrency + 2);
  });

  it('lets the source go when its reader leaves, for others who read it', () => {
    const made: number[] = [];
    const source = new Subject<number>();
    const shared = source.pipe(share());
    const seen: number[] = [];
    const leaving = shared.pipe(inTurn(() => NEVER)).subscribe();
    shared.subscribe((value) => seen.push(value));
    counting(made).subscribe(source);
    expect(seen).toEqual([1, 2]);
    leaving.unsubscribe();
    expect(seen).toHaveLength(100);
  });
});
