import { mergeFanOut, type RunEvent, run, WorkflowError } from 'millrace';
import { marbles } from 'millrace/testing';
import { catchError, concat, EMPTY, finalize, map, mergeMap, NEVER, type Observable, of, tap, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { obeysOperatorLaws } from '../support/operator-laws.ts';
import { outcome } from '../support/outcome.ts';

const through = (stream: Observable<string>) => mergeMap((_: string) => stream);
const one = map((input: string) => `1:${input}`);
const two = map((input: string) => `2:${input}`);
const failing = through(throwError(() => new Error('no')));

describe('mergeFanOut', () => {
  obeysOperatorLaws(
    () => mergeFanOut({ one, two }),
    () => 'x',
  );

  describe('with `emit` each', () => {
    obeysOperatorLaws(
      () => mergeFanOut({ one, two }, { emit: 'each' }),
      () => 'x',
    );
  });

  describe('with `take`', () => {
    obeysOperatorLaws(
      () => mergeFanOut({ one, two }, { take: 1 }),
      () => 'x',
    );
  });

  it(
    'joins the last value of every branch',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot(' -x-------------|');
      const left = cold('   --a-b|');
      const right = cold('  ---c----d|');
      const leftSubs = '   -^----!';
      const rightSubs = '  -^--------!';
      const expected = '   ----------r----|';
      const results = source.pipe(mergeFanOut({ left: through(left), right: through(right) }));
      expectObservable(results).toBe(expected, { r: { left: 'b', right: 'd' } });
      expectSubscriptions(left.subscriptions).toBe(leftSubs);
      expectSubscriptions(right.subscriptions).toBe(rightSubs);
    }),
  );

  it(
    'gives the values of all branches live where `emit` is each',
    marbles(({ cold, hot, expectObservable }) => {
      const source = hot(' -x-------------|');
      const left = cold('   --a-b|');
      const right = cold('  ---c----d|');
      const expected = '   ---acb---d-----|';
      const results = source.pipe(mergeFanOut({ left: through(left), right: through(right) }, { emit: 'each' }));
      expectObservable(results).toBe(expected, {
        a: { branch: 'left', value: 'a' },
        b: { branch: 'left', value: 'b' },
        c: { branch: 'right', value: 'c' },
        d: { branch: 'right', value: 'd' },
      });
    }),
  );

  it(
    'lets the first branches to finish win where `take` is there, and cancels the others',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot(' -x-------------|');
      const left = cold('   --a-b|');
      const right = cold('  ---c----d|');
      const rightSubs = '  -^----!';
      const expected = '   ------l--------|';
      const results = source.pipe(mergeFanOut({ left: through(left), right: through(right) }, { take: 1 }));
      expectObservable(results).toBe(expected, { l: { left: 'b' } });
      expectSubscriptions(right.subscriptions).toBe(rightSubs);
    }),
  );

  it(
    'gives values live until enough branches have finished where both are there',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot(' -x-------------|');
      const left = cold('   --a-b|');
      const right = cold('  ---c----d|');
      const rightSubs = '  -^----!';
      const expected = '   ---acb---------|';
      const branches = { left: through(left), right: through(right) };
      const results = source.pipe(
        mergeFanOut(branches, { emit: 'each', take: 1 }),
        map(({ value }) => value),
      );
      expectObservable(results).toBe(expected);
      expectSubscriptions(right.subscriptions).toBe(rightSubs);
    }),
  );

  it(
    'takes inputs one at a time',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot('   -xy|');
      const left = cold('     --a|');
      const leftSubs = ['    -^--!', '    ----^--!'];
      const expected = '     ----r--(r|)';
      const results = source.pipe(mergeFanOut({ left: through(left) }));
      expectObservable(results).toBe(expected, { r: { left: 'a' } });
      expectSubscriptions(left.subscriptions).toBe(leftSubs);
    }),
  );

  it(
    'runs as many branches at once as `concurrency` says',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot(' -x---------|');
      const a = cold('      --a|');
      const b = cold('      ---b|');
      const c = cold('         --c|');
      const aSubs = '      -^--!';
      const bSubs = '      -^---!';
      const cSubs = '      ----^--!';
      const expected = '   -------r---|';
      const branches = { a: through(a), b: through(b), c: through(c) };
      expectObservable(source.pipe(mergeFanOut(branches, { concurrency: 2 }))).toBe(expected, {
        r: { a: 'a', b: 'b', c: 'c' },
      });
      expectSubscriptions(a.subscriptions).toBe(aSubs);
      expectSubscriptions(b.subscriptions).toBe(bSubs);
      expectSubscriptions(c.subscriptions).toBe(cSubs);
    }),
  );

  it(
    'cancels the other branches when one fails, and fails with its name in the path',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot(' -x---|');
      const left = cold('   --a#', {}, new Error('no'));
      const right = cold('  -----b|');
      const rightSubs = '  -^--!';
      const expected = '   ----#';
      const pathOf = catchError((error: WorkflowError) => throwError(() => error.path));
      const results = source.pipe(mergeFanOut({ left: through(left), right: through(right) }), pathOf);
      expectObservable(results).toBe(expected, {}, ['left']);
      expectSubscriptions(right.subscriptions).toBe(rightSubs);
    }),
  );

  it(
    'leaves all branches when the reader leaves',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot(' -x----');
      const left = cold('   --a--|');
      const right = cold('  ---b-|');
      const leave = '      ---!  ';
      const subs = '       -^-!  ';
      expectObservable(source.pipe(mergeFanOut({ left: through(left), right: through(right) })), leave).toBe('-');
      expectSubscriptions(left.subscriptions).toBe(subs);
      expectSubscriptions(right.subscriptions).toBe(subs);
    }),
  );

  it('keeps the order of the branches in the record, whatever finishes first', () => {
    const { values } = outcome(of('x').pipe(mergeFanOut({ b: one, a: two })));
    expect(Object.keys(values[0] ?? {})).toEqual(['b', 'a']);
  });

  it('starts no further branch once enough have finished', () => {
    let begun = 0;
    const counted = tap(() => begun++);
    expect(outcome(of('x').pipe(mergeFanOut({ a: counted, b: counted, c: counted }, { take: 1 })))).toEqual({
      values: [{ a: 'x' }],
    });
    expect(begun).toBe(1);
  });

  it('cancels the others before it gives the winners', () => {
    const seen: string[] = [];
    const endless = through(NEVER.pipe(finalize(() => seen.push('cancelled'))));
    of('x')
      .pipe(mergeFanOut({ endless, one }, { take: 1 }))
      .subscribe(() => seen.push('record'));
    expect(seen).toEqual(['cancelled', 'record']);
  });

  it('fails where a branch ends without a value, and names it', () => {
    const { error } = outcome(of('x').pipe(mergeFanOut({ one, none: through(EMPTY) })));
    expect(error).toBeInstanceOf(WorkflowError);
    expect(error).toMatchObject({ code: 'fan-out', path: ['none'], message: expect.stringContaining('none') });
    const live = of('x').pipe(mergeFanOut({ one, none: through(EMPTY) }, { emit: 'each' }));
    expect(outcome(live)).toEqual({ values: [{ branch: 'one', value: '1:x' }] });
  });

  it.each([
    ['fails', failing],
    ['ends without a value', through(EMPTY)],
    [
      'fails after a value',
      through(
        concat(
          of('early'),
          throwError(() => 'late'),
        ),
      ),
    ],
  ])('gives the value of `onError` where a branch %s', (_, broken) => {
    const joined = mergeFanOut({ one, broken }, { onError: { broken: null } });
    expect(outcome(of('x').pipe(joined))).toEqual({ values: [{ one: '1:x', broken: null }] });
  });

  it('gives the value of `onError` where it is undefined', () => {
    const joined = mergeFanOut({ one, failing }, { onError: { failing: undefined } });
    expect(outcome(of('x').pipe(joined)).values).toStrictEqual([{ one: '1:x', failing: undefined }]);
  });

  it('gives the value of `onError` at once, after what came before it, where `emit` is each', () => {
    const broken = through(
      concat(
        of('early'),
        throwError(() => 'late'),
      ),
    );
    const live = mergeFanOut({ broken, one }, { emit: 'each', onError: { broken: 'none' } });
    expect(outcome(of('x').pipe(live)).values).toEqual([
      { branch: 'broken', value: 'early' },
      { branch: 'broken', value: 'none' },
      { branch: 'one', value: '1:x' },
    ]);
  });

  it(
    'lets a value of `onError` win only where too few other branches finish well',
    marbles(({ cold, hot, expectObservable }) => {
      const source = hot(' -x----|');
      const broken = cold(' -#');
      const slow = cold('   ---b|');
      const expected = '   -----r|';
      const branches = { broken: through(broken), slow: through(slow) };
      const onError = { broken: 'none' };
      expectObservable(source.pipe(mergeFanOut(branches, { take: 1, onError }))).toBe(expected, { r: { slow: 'b' } });
      expectObservable(source.pipe(mergeFanOut(branches, { take: 2, onError }))).toBe(expected, {
        r: { broken: 'none', slow: 'b' },
      });
    }),
  );

  it('does not take a value of `onError` for a finish where `emit` is each', () => {
    const live = mergeFanOut({ failing, one, two }, { emit: 'each', take: 1, onError: { failing: null } });
    expect(outcome(of('x').pipe(live)).values).toEqual([
      { branch: 'failing', value: null },
      { branch: 'one', value: '1:x' },
    ]);
  });

  it('shows each branch as a step of a run, side by side', () => {
    const events: RunEvent[] = [];
    const fanned = run(mergeFanOut({ one, failing }, { onError: { failing: null } }), 'x');
    fanned.events.subscribe((event) => events.push(event));
    fanned.subscribe();
    const root = events[0]?.step;
    expect(events).toMatchObject([
      { type: 'start', kind: 'run' },
      { type: 'start', name: 'one', path: ['one'], parent: root },
      { type: 'complete', name: 'one' },
      { type: 'start', name: 'failing', path: ['failing'], parent: root },
      { type: 'error', name: 'failing' },
      { type: 'complete', kind: 'run' },
    ]);
  });

  it.each([
    [() => mergeFanOut({}), 'Expected the branches of mergeFanOut to be an object with at least one workflow'],
    [() => mergeFanOut({ one, b: 1 } as never), 'Expected the branch "b" of mergeFanOut to be a workflow, received 1'],
    [() => mergeFanOut({ '': one }), "Expected a step's name to be a string that is not empty"],
    [
      () => mergeFanOut({ one }, { emit: 'all' } as never),
      'Expected `emit` to be \'each\' or left out, received "all"',
    ],
    [() => mergeFanOut({ one, two }, { take: 0 }), 'Expected `take` to be a whole number from 1 to 2, received 0'],
    [() => mergeFanOut({ one, two }, { take: 3 }), 'Expected `take` to be a whole number from 1 to 2, received 3'],
    [() => mergeFanOut({ one }, { concurrency: 0 }), 'Expected `concurrency` to be a whole number of at least 1'],
    [() => mergeFanOut({ one }, { onError: { two: 1 } } as never), 'to be among one, received `two`'],
    [() => mergeFanOut({ one }, { onError: 1 } as never), 'Expected `onError` to be an object, received 1'],
    [() => mergeFanOut({ one }, { race: true } as never), 'received `race`'],
  ])('refuses misuse when it is made (%#)', (make, message) => {
    expect(make).toThrow(message);
  });
});
