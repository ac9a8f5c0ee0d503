import { getEventListeners } from 'node:events';
import { inferText, mergeFanOut, type RunEvent, run, step, type Workflow } from 'millrace';
import { marbles, scripted } from 'millrace/testing';
import {
  concatMap,
  delay,
  filter,
  ignoreElements,
  lastValueFrom,
  map,
  mergeMap,
  NEVER,
  type Observable,
  of,
  pipe,
  range,
  retry,
  Subject,
  startWith,
  take,
  tap,
  throwError,
  timeout,
  timer,
  toArray,
} from 'rxjs';
import { describe, expect, it } from 'vitest';
import { frameStorage } from '#frame-storage';
import { outcome } from '../support/outcome.ts';

const shout = map((word: string) => word.toUpperCase());
const model = scripted('one two');
const ask = inferText<string>(model);

/** The events of a run that ends at once. */
const eventsOf = <O>(workflow: Workflow<string, O>): readonly RunEvent[] => {
  const events: RunEvent[] = [];
  const watched = run(workflow, 'x');
  watched.events.subscribe((event) => events.push(event));
  watched.subscribe({ error: () => undefined });
  return events;
};

/** One line for each event: where the step stands in the tree, its name, and what happened. */
const lines = (events: readonly RunEvent[]): readonly string[] => {
  const depths = new Map<string, number>();
  return events.map(({ step, parent, name, type }) => {
    const depth = parent === undefined ? 0 : (depths.get(parent) ?? Number.NaN) + 1;
    depths.set(step, depth);
    return `${'  '.repeat(depth)}${name} ${type}`;
  });
};

describe('run', () => {
  it(
    'gives the results, and beside them the events',
    marbles(({ expectObservable }) => {
      const watched = run(step('shout', shout), 'a');
      const events = watched.events.pipe(
        map(
          ({ kind, type }) =>
            ({ run: { start: 'r', complete: 'R' }, step: { start: 's', complete: 'S' } })[kind as 'run'][
              type as 'start'
            ],
        ),
      );
      expectObservable(events).toBe(' (rsSR|)');
      expectObservable(watched).toBe('(A|)');
    }),
  );

  it('does nothing before it is subscribed, and not by its events', () => {
    const counted = scripted('one');
    const watched = run(inferText<string>(counted), 'x');
    watched.events.subscribe();
    expect(counted.requests).toHaveLength(0);
    watched.subscribe();
    expect(counted.requests).toHaveLength(1);
  });

  it('shows the tokens of a step in the middle of a chain', () => {
    const chain = pipe(step('first', ask), step('second', ask), step('third', ask));
    const tokens = eventsOf(chain).filter((event) => event.type === 'token');
    expect(tokens.map(({ path, text }) => `${path}: ${text}`)).toEqual([
      'first: one',
      'first:  two',
      'second: one',
      'second:  two',
      'third: one',
      'third:  two',
    ]);
  });

  it('makes steps that follow one another siblings, and steps within one another children', () => {
    const chain = pipe(step('outer', pipe(step('a', shout), step('b', shout))), step('after', shout));
    expect(lines(eventsOf(chain))).toEqual([
      'run start',
      '  outer start',
      '    a start',
      '    b start',
      '  after start',
      '    a complete',
      '    b complete',
      '  outer complete',
      '  after complete',
      'run complete',
    ]);
  });

  it('gives every step an id of its own, and every event its place and time', () => {
    const events = eventsOf(pipe(step('a', ask), step('a', ask)));
    const starts = events.filter(({ type }) => type === 'start');
    expect(new Set(starts.map(({ step }) => step)).size).toBe(starts.length);
    expect(starts.map(({ kind, name, path }) => [kind, name, path])).toEqual([
      ['run', 'run', []],
      ['step', 'a', ['a']],
      ['model', 'scripted', ['a']],
      ['step', 'a', ['a']],
      ['model', 'scripted', ['a']],
    ]);
    for (const { at, run } of events) {
      expect(at).toBeGreaterThan(Date.now() - 60_000);
      expect(run).toBe(events[0]?.run);
    }
  });

  it('starts a step with the first thing that happens inside, where that comes before its first input', () => {
    const greet = step('greet', pipe(ignoreElements(), startWith('hello'), ask));
    expect(lines(eventsOf(greet)).slice(0, 4)).toEqual([
      'run start',
      '  greet start',
      '    scripted start',
      '    scripted token',
    ]);
  });

  it('leaves out a step that took no input', () => {
    const nothing = pipe(
      step('filter', ignoreElements()),
      step(
        'shout',
        map((word: string) => word),
      ),
    );
    expect(lines(eventsOf(nothing))).toEqual(['run start', '  filter start', '  filter complete', 'run complete']);
  });

  it('shows where an error began and what it passed through, and fails with its path', () => {
    const broken = mergeMap((_: string) => throwError(() => new Error('no')));
    const workflow = step('outer', pipe(step('good', shout), step('bad', broken)));
    expect(lines(eventsOf(workflow)).slice(-4)).toEqual([
      '    bad error',
      '    good cancel',
      '  outer error',
      'run error',
    ]);
    expect(outcome(run(workflow, 'x')).error).toMatchObject({ path: ['outer', 'bad'], message: 'no' });
  });

  it('shows which steps the reader left', () => {
    const endless = { id: 'endless', infer: () => NEVER };
    const events: RunEvent[] = [];
    const watched = run(step('wait', inferText<string>(endless)), 'x');
    let completed = false;
    watched.events.subscribe({ next: (event) => events.push(event), complete: () => (completed = true) });
    watched.subscribe().unsubscribe();
    expect(lines(events)).toEqual([
      'run start',
      '  wait start',
      '    endless start',
      '    endless cancel',
      '  wait cancel',
      'run cancel',
    ]);
    expect(completed).toBe(true);
  });

  it('tells how every step ended before the run has, also of those beside one that fails', () => {
    const failing = new Subject<never>();
    const workflow = mergeFanOut({ broken: mergeMap(() => failing), slow: mergeMap(() => NEVER) });
    const events: RunEvent[] = [];
    const watched = run(workflow, 'x');
    watched.events.subscribe((event) => events.push(event));
    watched.subscribe({ error: () => undefined });
    failing.error('broken');
    expect(lines(events).filter((line) => !line.endsWith('start'))).toEqual([
      '  broken error',
      'run error',
      '  slow cancel',
    ]);
  });

  it(
    'tells how every step ended when its deadline is over',
    marbles(({ cold, expectObservable }) => {
      const watched = run(inferText<string>(scripted(cold('a-------|'))), 'x', { deadline: 3 });
      const ends = watched.events.pipe(
        filter(({ type }) => type === 'error' || type === 'cancel'),
        map(({ name, type }) => `${name} ${type}`),
      );
      expectObservable(ends).toBe('---(ce|)', { c: 'scripted cancel', e: 'run error' });
      watched.subscribe({ error: () => undefined });
    }),
  );

  it('stops synchronous work when the reader leaves', () => {
    let made = 0;
    const many = mergeMap(() => range(1, 1000).pipe(tap(() => made++)));
    expect(outcome(run(step('many', many), 'x').pipe(take(1)))).toEqual({ values: [1] });
    expect(made).toBe(1);
  });

  it('follows a step through its promises', async () => {
    const slow = mergeMap(async (word: string) => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      return lastValueFrom(of(word).pipe(ask));
    });
    const watched = run(pipe(step('slow', slow), step('next', pipe(delay(1), ask))), 'x');
    const [events] = await Promise.all([lastValueFrom(watched.events.pipe(toArray())), lastValueFrom(watched)]);
    expect(lines(events).filter((line) => line.endsWith('start'))).toEqual([
      'run start',
      '  slow start',
      '    scripted start',
      '  next start',
      '    scripted start',
    ]);
  });

  it('keeps the place of a step whose answer comes from outside of the run', () => {
    const outside = new Subject<string>();
    const events: RunEvent[] = [];
    const waits = step(
      'waits',
      mergeMap((_: string) => outside),
    );
    const watched = run(pipe(waits, step('next', ask)), 'x');
    watched.events.subscribe((event) => events.push(event));
    watched.subscribe();
    outside.next('answer');
    outside.complete();
    const next = events.find(({ name }) => name === 'next');
    expect(next).toMatchObject({ parent: events[0]?.step });
    expect(lines(events).filter((line) => line.includes('scripted'))).toContain('    scripted finish');
  });

  it('keeps two runs at the same time apart', () => {
    const gate = new Subject<string>();
    const workflow = step(
      'wait',
      mergeMap((name: string) => gate.pipe(map((value) => name + value))),
    );
    const [one, two] = [run(workflow, 'one'), run(workflow, 'two')];
    const seen: RunEvent[][] = [[], []];
    one.events.subscribe((event) => seen[0]?.push(event));
    two.events.subscribe((event) => seen[1]?.push(event));
    one.subscribe();
    two.subscribe();
    gate.complete();
    for (const events of seen)
      expect(lines(events)).toEqual(['run start', '  wait start', '  wait complete', 'run complete']);
    expect(seen[0]?.[0]?.run).not.toBe(seen[1]?.[0]?.run);
  });

  it('is a run of its own for each subscription, within another run too', () => {
    const inner = run(step('inner', shout), 'x');
    const events: RunEvent[] = [];
    inner.events.subscribe((event) => events.push(event));
    const outer = eventsOf(
      step(
        'outer',
        mergeMap(() => inner),
      ),
    );
    expect(lines(events)).toEqual(['run start', '  inner start', '  inner complete', 'run complete']);
    expect(lines(outer)).toEqual(['run start', '  outer start', '  outer complete', 'run complete']);
  });

  it('lists a step anew for each attempt of a retry', () => {
    let attempts = 0;
    const flaky = mergeMap((word: string) => (++attempts < 3 ? throwError(() => new Error('busy')) : of(word)));
    const started = lines(eventsOf(pipe(step('flaky', flaky), retry(2)))).filter((line) => line.includes('flaky'));
    expect(started).toEqual([
      '  flaky start',
      '  flaky error',
      '  flaky start',
      '  flaky error',
      '  flaky start',
      '  flaky complete',
    ]);
  });

  it(
    'follows a step through timeouts and retries in virtual time',
    marbles(({ cold, expectObservable }) => {
      const model = scripted((_, index) => (index === 0 ? cold('-') : cold('--f|')));
      const translate = concatMap((text: string) =>
        of(text).pipe(inferText(model), timeout(5_000), retry({ count: 1, delay: 1_000 })),
      );
      const watched = run(pipe(delay(10), step('translate', translate)), 'text');
      const requests = watched.events.pipe(
        filter(({ kind, type }) => kind === 'model' && type !== 'token' && type !== 'finish'),
        map(({ type, path }) => `${path} ${type}`),
      );
      expectObservable(requests).toBe('10ms s 4999ms c 999ms s--(e|)', {
        s: 'translate start',
        c: 'translate cancel',
        e: 'translate complete',
      });
      expectObservable(watched).toBe('6013ms (f|)');
    }),
  );

  it(
    'gets backends ready while it runs, after the first step has asked, and leaves them when it ends',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const steps = cold('   ---a|');
      const quick = cold<never>('-|');
      const slow = cold<never>(' ------|');
      const asked: string[] = [];
      const noting = <T>(id: string, source: Observable<T>) => source.pipe(tap({ subscribe: () => asked.push(id) }));
      const ready = (id: string, preparing: Observable<never>) => ({
        ...scripted('', { id }),
        preload: () => noting(id, preparing),
      });
      const workflow = mergeMap(() => noting('step', steps));
      const preload = [ready('quick', quick), scripted(''), ready('slow', slow)];
      const watched = run(workflow, 'x', { preload });
      expect(asked).toEqual([]);
      expectObservable(watched.pipe(tap(() => expect(asked).toEqual(['step', 'quick', 'slow'])))).toBe('---a|');
      expectSubscriptions(quick.subscriptions).toBe(' ^!');
      expectSubscriptions(slow.subscriptions).toBe('  ^---!');
    }),
  );

  it('does not mind a backend that cannot get ready', async () => {
    const broken = { ...scripted(''), preload: () => throwError(() => new Error('no room')) };
    await expect(lastValueFrom(run(pipe(delay(2), ask), 'x', { preload: [broken] }))).resolves.toBe('one two');
  });

  it(
    'leaves all that is beneath when its signal aborts, then fails with the reason, and ends its events',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const answer = cold(' -a-b-c-|');
      const reading = '    ^---!';
      const expected = '   ----#';
      const leaving = new AbortController();
      timer(4).subscribe(() => leaving.abort('enough'));
      const watched = run(step('ask', inferText<string>(scripted(answer))), 'x', { signal: leaving.signal });
      const ends = watched.events.pipe(
        filter(({ type }) => type === 'cancel' || type === 'error'),
        map(({ kind, type }) => `${kind} ${type}`),
        toArray(),
      );
      expectObservable(ends).toBe('----(e|)', { e: ['model cancel', 'step cancel', 'run error'] });
      expectObservable(watched).toBe(expected, undefined, 'enough');
      expectSubscriptions(answer.subscriptions).toBe(reading);
    }),
  );

  it('starts nothing with a signal that has aborted, and fails with an AbortError unless that has another reason', () => {
    const counted = scripted('one');
    const { error } = outcome(run(inferText<string>(counted), 'x', { signal: AbortSignal.abort() }));
    expect(error).toMatchObject({ name: 'AbortError' });
    expect(counted.requests).toHaveLength(0);
  });

  it('leaves no listener on a signal that lives longer than its runs', () => {
    const { signal } = new AbortController();
    const during: number[] = [];
    const count = () => during.push(getEventListeners(signal, 'abort').length);
    run(shout, 'x', { signal }).subscribe(count);
    run(
      mergeMap(() => throwError(() => 'broken')),
      'x',
      { signal },
    ).subscribe({ error: count });
    const left = run(
      mergeMap(() => NEVER),
      'x',
      { signal },
    ).subscribe();
    count();
    left.unsubscribe();
    expect(during).toEqual([1, expect.any(Number), 1]);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('stops synchronous work when its signal aborts', () => {
    let made = 0;
    const leaving = new AbortController();
    const many = mergeMap(() => range(1, 1000).pipe(tap(() => ++made === 3 && leaving.abort('enough'))));
    expect(outcome(run(many, 'x', { signal: leaving.signal }))).toEqual({ values: [1, 2], error: 'enough' });
    expect(made).toBe(3);
  });

  it.each([
    [{ signal: {} }],
    [{ signal: new AbortController() }],
    [{ preload: [1] }],
    [{ preload: model }],
    [{ preload: null }],
    [{ ahead: [] }],
    [null],
    [5],
  ])('refuses the options %j', (options) => {
    expect(() => run(shout, 'x', options as never)).toThrow(/^Expected .+, received /);
  });

  it('costs a step outside of a run no frame', () => {
    const frames: unknown[] = [];
    of('x')
      .pipe(
        step(
          'a',
          tap(() => frames.push(frameStorage.getStore())),
        ),
      )
      .subscribe();
    expect(frames).toEqual([undefined]);
  });
});
