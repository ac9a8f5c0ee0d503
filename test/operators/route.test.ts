import { inferText, RouteError, type RunEvent, route, run, WorkflowError } from 'millrace';
import { marbles, scripted } from 'millrace/testing';
import { concat, EMPTY, finalize, map, mergeMap, of, Subject, tap, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { obeysOperatorLaws } from '../support/operator-laws.ts';
import { outcome } from '../support/outcome.ts';

const same = map((input: string) => input as 'a' | 'b');
const one = map((input: string) => `1:${input}`);
const two = map((input: string) => `2:${input}`);

describe('route', () => {
  obeysOperatorLaws(
    () => route(same, { a: one, b: two }),
    () => 'a',
  );

  it(
    'sends each input down the branch of its label, one at a time',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  -x------y----|');
      const x = cold<'a'>('  -a|');
      const y = cold<'b'>('         -b|');
      const a = cold('        --1-2|');
      const b = cold('               -3|');
      const xSubs = '       -^!';
      const ySubs = '       --------^!';
      const aSubs = '       --^----!';
      const bSubs = '       ---------^-!';
      const expected = '    ----1-2---3--|';
      const labels = mergeMap((input: string) => (input === 'x' ? x : y));

      const results = source.pipe(route(labels, { a: mergeMap(() => a), b: mergeMap(() => b) }));

      expectObservable(results).toBe(expected);
      expectSubscriptions(x.subscriptions).toBe(xSubs);
      expectSubscriptions(y.subscriptions).toBe(ySubs);
      expectSubscriptions(a.subscriptions).toBe(aSubs);
      expectSubscriptions(b.subscriptions).toBe(bSubs);
    }),
  );

  it(
    'has several inputs on their way where `concurrency` says so',
    marbles(({ cold, hot, expectObservable }) => {
      const source = hot(' -a-b|');
      const a = cold('      ----1|');
      const b = cold('        -2|');
      const expected = '   ----21|';
      const branches = { a: mergeMap((_: string) => a), b: mergeMap((_: string) => b) };
      expectObservable(source.pipe(route(same, branches, { concurrency: 2 }))).toBe(expected);
    }),
  );

  it(
    'leaves the branch when the reader leaves',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot(' -a------');
      const a = cold('      -1-2-3|');
      const leave = '      ----!   ';
      const expected = '   --1-    ';
      const aSubs = '      -^--!   ';
      const results = source.pipe(route(same, { a: mergeMap(() => a), b: two }));
      expectObservable(results, leave).toBe(expected);
      expectSubscriptions(a.subscriptions).toBe(aSubs);
    }),
  );

  it('leaves `select` after its first value, before the branch begins', () => {
    const seen: string[] = [];
    const select = mergeMap(() => concat(of('a' as const), of('b' as const)).pipe(finalize(() => seen.push('left'))));
    const noted = tap(() => seen.push('branch'));
    of('x')
      .pipe(route(select, { a: noted, b: noted }))
      .subscribe();
    expect(seen).toEqual(['left', 'branch']);
  });

  it('takes a model for its selector', () => {
    const model = scripted(['B', 'ug\n']);
    const ticket = of('It crashes.').pipe(
      route(inferText(model), { bug: one, billing: two }, { normalise: true, otherwise: map(() => 'lost') }),
    );
    expect(outcome(ticket)).toEqual({ values: ['1:It crashes.'] });
  });

  it.each([
    ['a', ['1:a']],
    [' A\n', ['1: A\n']],
    ['b', ['2:b']],
    ['B', ['2:B']],
  ])('takes the label %j where `normalise` is there', (label, values) => {
    const results = of(label as 'a').pipe(
      route(
        map((input) => input as 'a' | ' B'),
        { a: one, ' B': two },
        { normalise: true },
      ),
    );
    expect(outcome(results)).toEqual({ values });
  });

  it.each(['A', ' a', '', 'constructor', '__proto__'])(
    'fails at the label %j, and names it and the branches',
    (label) => {
      const { values, error } = outcome(of(label as 'a').pipe(route(same, { a: one, b: two })));
      expect(values).toEqual([]);
      expect(error).toBeInstanceOf(RouteError);
      expect(error).toMatchObject({ code: 'route', label, branches: ['a', 'b'], path: [] });
      expect(String(error)).toContain(`Expected one of the branches "a", "b", received ${JSON.stringify(label)}`);
    },
  );

  it('fails where `select` gives nothing', () => {
    const { error } = outcome(
      of('a').pipe(
        route(
          mergeMap(() => EMPTY),
          { a: one },
        ),
      ),
    );
    expect(error).toMatchObject({ code: 'route', label: undefined, message: expect.stringContaining('no label') });
  });

  it('catches every other label, and none, with `otherwise`', () => {
    const otherwise = map((input: string) => `?:${input}`);
    const known = of('a', 'c', 'b').pipe(
      route(
        map((input) => input),
        { a: one, b: two },
        { otherwise },
      ),
    );
    expect(outcome(known)).toEqual({ values: ['1:a', '?:c', '2:b'] });
    const none = of('a').pipe(
      route(
        mergeMap(() => EMPTY),
        { a: one },
        { otherwise },
      ),
    );
    expect(outcome(none)).toEqual({ values: ['?:a'] });
  });

  it('fails with the label in the path of what fails in a branch', () => {
    const failing = mergeMap((_: string) => throwError(() => new Error('no')));
    const inner = route(same, { a: failing, b: two });
    const { error } = outcome(of('a').pipe(route(same, { a: inner, b: two })));
    expect(error).toBeInstanceOf(WorkflowError);
    expect(error).toMatchObject({ path: ['a', 'a'], message: 'no' });
    const lost = of('x').pipe(
      route(
        map((input) => input),
        { a: one },
        { otherwise: failing },
      ),
    );
    expect(outcome(lost).error).toMatchObject({ path: ['otherwise'] });
  });

  it('fails with the error of `select`', () => {
    const error = new Error('undecided');
    expect(
      outcome(
        of('a').pipe(
          route(
            mergeMap(() => throwError(() => error)),
            { a: one },
          ),
        ),
      ).error,
    ).toBe(error);
  });

  it('tells a run which branch it chose, wherever the label came from', () => {
    const answers = new Subject<'b'>();
    const events: RunEvent[] = [];
    const routed = run(
      route(
        mergeMap((_: string) => answers),
        { a: one, b: two },
      ),
      'x',
    );
    routed.events.subscribe((event) => events.push(event));
    routed.subscribe();
    answers.next('b');
    expect(events).toMatchObject([
      { type: 'start', kind: 'run' },
      { type: 'route', kind: 'run', label: 'b' },
      { type: 'start', kind: 'step', name: 'b', path: ['b'], parent: events[0]?.step },
      { type: 'complete', kind: 'step', name: 'b' },
      { type: 'complete', kind: 'run' },
    ]);
  });

  it.each([
    [() => route('a' as never, { a: one }), 'Expected `select` of route to be a workflow, received "a"'],
    [() => route(same, {} as never), 'Expected the branches of route to be an object with at least one workflow'],
    [() => route(same, { a: one, b: 1 } as never), 'Expected the branch "b" of route to be a workflow, received 1'],
    [
      () => route(same, { a: one, ' A': two, b: two }, { normalise: true }),
      'to differ after normalising, received a twice',
    ],
    [
      () => route(same, { a: one, b: two }, { normalise: 1 } as never),
      'Expected `normalise` to be a boolean, received 1',
    ],
    [() => route(same, { a: one, b: two }, { otherwise: 'a' } as never), 'Expected `otherwise` to be a workflow'],
    [
      () => route(same, { a: one, b: two }, { concurrency: 0 }),
      'Expected `concurrency` to be a whole number of at least 1',
    ],
    [() => route(same, { a: one, b: two }, { normalize: true } as never), 'received `normalize`'],
  ])('refuses misuse when it is made (%#)', (make, message) => {
    expect(make).toThrow(message);
  });
});
