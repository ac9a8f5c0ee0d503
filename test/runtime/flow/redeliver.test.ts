import { concatMap, defer, from, mergeMap, of, range, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { fromGenerator } from '../../../src/runtime/flow/from-generator.ts';
import { hold } from '../../../src/runtime/flow/hold.ts';
import { redeliver } from '../../../src/runtime/flow/redeliver.ts';
import { obeysOperatorLaws } from '../../support/operator-laws.ts';

describe('redeliver', () => {
  obeysOperatorLaws(() => redeliver<number>());

  it('keeps what comes while its reader holds, in order, and completes behind it', () => {
    const seen: unknown[] = [];
    const releases: (() => void)[] = [];
    of('a', 'b', 'c')
      .pipe(redeliver())
      .subscribe({
        next: (value) => {
          seen.push(value);
          releases.push(hold());
        },
        complete: () => seen.push('end'),
      });
    expect(seen).toEqual(['a']);
    releases[0]?.();
    expect(seen).toEqual(['a', 'b']);
    releases[1]?.();
    releases[2]?.();
    expect(seen).toEqual(['a', 'b', 'c', 'end']);
  });

  it('keeps an error behind the values before it', () => {
    const seen: unknown[] = [];
    let release = () => {};
    from(['a'])
      .pipe(
        concatMap((value) => [value, 'b']),
        mergeMap((value) => (value === 'b' ? throwError(() => 'broken') : of(value))),
        redeliver(),
      )
      .subscribe({
        next: (value) => {
          seen.push(value);
          release = hold();
        },
        error: (error) => seen.push(error),
      });
    expect(seen).toEqual(['a']);
    release();
    expect(seen).toEqual(['a', 'broken']);
  });

  it('lets the next question wait while the answer before it is held', () => {
    let asked = 0;
    const releases: (() => void)[] = [];
    const answers = range(1, 1000).pipe(
      concatMap((question) =>
        defer(() => {
          asked++;
          return of(question).pipe(redeliver());
        }),
      ),
    );
    answers.subscribe(() => releases.push(hold()));
    expect(asked).toBe(1);
    releases[0]?.();
    expect(asked).toBe(2);
  });

  it('holds its source while it is held', async () => {
    let made = 0;
    let release = () => {};
    const source = fromGenerator(async function* () {
      for (;;) yield ++made;
    });
    const reading = source.pipe(redeliver()).subscribe(() => {
      release = hold();
    });
    await Promise.resolve().then(() => {});
    await new Promise(setImmediate);
    expect(made).toBe(1);
    release();
    await new Promise(setImmediate);
    expect(made).toBe(2);
    reading.unsubscribe();
    release();
    await new Promise(setImmediate);
    expect(made).toBe(2);
  });
});
