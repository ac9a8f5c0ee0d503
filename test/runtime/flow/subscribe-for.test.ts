import {
  catchError,
  defer,
  EMPTY,
  finalize,
  identity,
  merge,
  mergeMap,
  NEVER,
  Observable,
  range,
  Subject,
  tap,
  throwError,
} from 'rxjs';
import { describe, expect, it } from 'vitest';
import { andThen } from '../../../src/operators/parts/and-then.ts';
import { atEnd } from '../../../src/runtime/flow/at-end.ts';
import { redeliver } from '../../../src/runtime/flow/redeliver.ts';
import { subscribeFor } from '../../../src/runtime/flow/subscribe-for.ts';
import { crossFrames } from '../../../src/runtime/frames/cross-frames.ts';

const forwarded = <T>(source: Observable<T>): Observable<T> =>
  new Observable((subscriber) => {
    subscribeFor(subscriber, source, {
      next: (value) => subscriber.next(value),
      error: (error) => subscriber.error(error),
      complete: () => subscriber.complete(),
    });
  });

describe('subscribeFor', () => {
  it('stops a synchronous source when the reader leaves', () => {
    const gone = new Subject<void>();
    let made = 0;
    const many = range(1, 1000).pipe(tap(() => made++));
    const reading = new Subject<number>();
    reading.subscribe((value) => value === 3 && gone.next());
    new Observable<number>((subscriber) => {
      gone.subscribe(() => subscriber.unsubscribe());
      subscribeFor(subscriber, many, reading);
    }).subscribe();
    expect(made).toBe(3);
  });

  const operators: [string, <T>(source: Observable<T>) => Observable<T>][] = [
    ['nothing', identity],
    ['subscribeFor', forwarded],
    ['atEnd', atEnd(identity)],
    ['andThen', (source) => andThen(source, () => EMPTY)],
    ['redeliver', redeliver()],
    ['crossFrames', crossFrames(undefined, undefined)],
  ];

  it.each(operators)('has left all of a source that fails before the next attempt begins, through %s', (_, through) => {
    const seen: string[] = [];
    const failing = new Subject<never>();
    const branch = <T>(name: string, source: Observable<T>) => source.pipe(finalize(() => seen.push(`${name} ends`)));
    const next = defer(() => {
      seen.push('the next begins');
      return EMPTY;
    });
    merge(branch('other', NEVER), failing)
      .pipe(
        through,
        catchError(() => next),
      )
      .subscribe();
    failing.error('broken');
    expect(seen).toEqual(['other ends', 'the next begins']);
  });

  it.each(operators)(
    'has left all of a source that fails as it is subscribed before its reader has been left, through %s',
    (_, through) => {
      const seen: string[] = [];
      const other = new Observable<never>((subscriber) => subscriber.add(() => seen.push('other ends')));
      const failing = merge(
        other,
        throwError(() => 'broken'),
      );
      const start = new Subject<void>();
      start
        .pipe(
          mergeMap(() => through(failing)),
          forwarded,
          finalize(() => seen.push('the end')),
        )
        .subscribe({ error: () => undefined });
      start.next();
      expect(seen).toEqual(['other ends', 'the end']);
    },
  );
});
