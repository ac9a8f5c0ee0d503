import {
  type AdmitOptions,
  type AdmitState,
  admit,
  fromGenerator,
  hold,
  infer,
  type RunEvent,
  run,
  step,
  toAsyncIterable,
} from 'millrace';
import { marbles, scripted } from 'millrace/testing';
import {
  concatMap,
  delay,
  firstValueFrom,
  identity,
  ignoreElements,
  map,
  merge,
  mergeMap,
  NEVER,
  type Observable,
  of,
  range,
  Subject,
  take,
  takeUntil,
  tap,
  throwError,
  timer,
} from 'rxjs';
import { describe, expect, it } from 'vitest';
import { frameStorage } from '#frame-storage';
import { counted, turn } from '../support/counted.ts';
import { obeysOperatorLaws } from '../support/operator-laws.ts';
import { outcome } from '../support/outcome.ts';

/** A workflow whose work ends when it is told to. */
const desk = () => {
  const begun: string[] = [];
  const ends = new Map<string, Subject<string>>();
  const work = mergeMap((input: string) => {
    begun.push(input);
    const end = new Subject<string>();
    ends.set(input, end);
    return end;
  });
  const end = (input: string) => {
    ends.get(input)?.next(input.toUpperCase());
    ends.get(input)?.complete();
  };
  return { begun, work, end };
};

/** What one subscriber sees. */
const visit = (inputs: Observable<string>, admitted: (source: Observable<string>) => Observable<string>) => {
  const seen: unknown[] = [];
  const reading = inputs.pipe(admitted).subscribe({
    next: (value) => seen.push(value),
    error: (error) => seen.push(error),
    complete: () => seen.push('end'),
  });
  return { seen, reading };
};

describe('admit', () => {
  obeysOperatorLaws(() =>
    admit(
      map((n: number) => n),
      { capacity: 0 },
    ),
  );

  it(
    'lets one input work and one wait, and drops who comes then',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot<string>('-x-yz---------|');
      const x = cold('             ---a|');
      const xReading = '          -^---!';
      const y = cold('                 ---b|');
      const yReading = '          -----^---!';
      const expected = '          ----a---b-----|';
      const admitted = admit(
        mergeMap((input: string) => (input === 'x' ? x : y)),
        { capacity: 1, overflow: 'drop-newest' },
      );
      expectObservable(source.pipe(admitted)).toBe(expected);
      expectSubscriptions(x.subscriptions).toBe(xReading);
      expectSubscriptions(y.subscriptions).toBe(yReading);
    }),
  );

  it('is one room for all subscribers, each with the outputs of its own inputs alone', async () => {
    const { begun, work, end } = desk();
    const admitted = admit(work, { capacity: 10, concurrency: 2 });
    const one = visit(of('a', 'b'), admitted);
    const two = visit(of('c', 'd'), admitted);
    expect(begun).toEqual(['a', 'b']);
    end('b');
    await turn();
    expect(begun).toEqual(['a', 'b', 'c']);
    end('a');
    await turn();
    end('c');
    end('d');
    expect(one.seen).toEqual(['B', 'A', 'end']);
    expect(two.seen).toEqual(['C', 'D', 'end']);
  });

  it('is another room each time it is made', () => {
    const { begun, work } = desk();
    visit(of('a'), admit(work, { capacity: 1 }));
    visit(of('b'), admit(work, { capacity: 1 }));
    expect(begun).toEqual(['a', 'b']);
  });

  it('takes the highest priority first, and of equals who came first', async () => {
    const { begun, work, end } = desk();
    const admitted = admit(work, { capacity: 10, priority: (input) => Number(input[1] ?? 0) });
    visit(of('x', 'a1', 'b2', 'c1', 'd2', 'e0'), admitted);
    for (const input of ['x', 'b2', 'd2', 'a1', 'c1']) {
      end(input);
      await turn();
    }
    expect(begun).toEqual(['x', 'b2', 'd2', 'a1', 'c1', 'e0']);
  });

  it('lets who waits leave, and calls the next when who works leaves', async () => {
    const { begun, work, end } = desk();
    const admitted = admit(work, { capacity: 10 });
    const [a, b, c] = ['a', 'b', 'c'].map((input) => visit(of(input), admitted));
    b?.reading.unsubscribe();
    a?.reading.unsubscribe();
    await turn();
    expect(begun).toEqual(['a', 'c']);
    end('c');
    expect(c?.seen).toEqual(['C', 'end']);
    expect(outcome(admitted.state.pipe(take(1))).values).toMatchObject([{ waiting: 0, running: 0 }]);
  });

  it('asks in nobody who leaves together with who makes way, and calls the next who stays', async () => {
    const { begun, work, end } = desk();
    const trouble = new Subject<never>();
    const admitted = admit(work, { capacity: 10 });
    const leaving = visit(merge(of('a', 'b'), of('c').pipe(admitted)), admitted);
    const failing = visit(merge(of('d').pipe(admitted), of('e').pipe(admitted), trouble), identity);
    visit(of('f'), admitted);
    leaving.reading.unsubscribe();
    trouble.error('no');
    expect(failing.seen).toEqual(['no']);
    await turn();
    expect(begun).toEqual(['a', 'f']);
    end('f');
    expect(outcome(admitted.state.pipe(take(1))).values).toMatchObject([{ waiting: 0, running: 0 }]);
  });

  it('frees the place of work that fails, and fails its own subscriber alone', () => {
    const admitted = admit(
      mergeMap((input: string) =>
        input === 'bad' ? timer(0).pipe(concatMap(() => throwError(() => 'no'))) : of(input),
      ),
      { capacity: 10 },
    );
    const bad = visit(of('bad'), admitted);
    const good = visit(of('good'), admitted);
    return firstValueFrom(timer(5)).then(() => {
      expect(bad.seen).toEqual(['no']);
      expect(good.seen).toEqual(['good', 'end']);
    });
  });

  it('frees the place of work that cannot even begin, of one who waited too', async () => {
    const gate = new Subject<string>();
    const admitted = admit(
      (source: Observable<string>) => {
        if (gate.closed) throw new Error('not now');
        return source.pipe(mergeMap(() => gate));
      },
      { capacity: 10 },
    );
    const visits = ['a', 'b', 'c'].map((input) => visit(of(input), admitted));
    gate.next('last');
    gate.unsubscribe();
    visits[0]?.reading.unsubscribe();
    await turn();
    expect(visits.map(({ seen }) => seen)).toEqual([['last'], [new Error('not now')], [new Error('not now')]]);
    expect(outcome(admitted.state.pipe(take(1))).values).toMatchObject([{ waiting: 0, running: 0 }]);
  });

  it('works off a long line of what ends at once', async () => {
    const gate = new Subject<void>();
    const admitted = admit(
      mergeMap((n: number) => (n === 0 ? gate : of(n))),
      { capacity: 0 },
    );
    let seen = 0;
    range(0, 5_000)
      .pipe(admitted)
      .subscribe(() => seen++);
    gate.complete();
    await turn();
    expect(seen).toBe(4_999);
  });

  describe('when the room is full', () => {
    const full = (options: Omit<AdmitOptions<string>, 'capacity'>) => {
      const counter = desk();
      const admitted = admit(counter.work, { capacity: 2, ...options });
      const visits = Object.fromEntries(['a', 'b', 'c'].map((input) => [input, visit(of(input), admitted).seen]));
      return { ...counter, admitted, visits };
    };

    it('refuses the next with an error that tells the facts', async () => {
      const { admitted, begun, end, visits } = full({ overflow: 'error' });
      const { seen } = visit(of('d'), admitted);
      expect(seen).toEqual([expect.objectContaining({ code: 'admission', waiting: 2, capacity: 2 })]);
      for (const input of ['a', 'b', 'c']) {
        end(input);
        await turn();
      }
      expect(begun).toEqual(['a', 'b', 'c']);
      expect(visits).toEqual({ a: ['A', 'end'], b: ['B', 'end'], c: ['C', 'end'] });
    });

    it('drops the newest', () => {
      const { admitted, visits } = full({ overflow: 'drop-newest' });
      expect(visit(of('d'), admitted).seen).toEqual(['end']);
      expect(visits).toEqual({ a: [], b: [], c: [] });
    });

    it('drops the oldest of those who wait', async () => {
      const { admitted, visits, begun, end } = full({ overflow: 'drop-oldest' });
      expect(visit(of('d'), admitted).seen).toEqual([]);
      expect(visits).toEqual({ a: [], b: ['end'], c: [] });
      for (const input of ['a', 'c']) {
        end(input);
        await turn();
      }
      expect(begun).toEqual(['a', 'c', 'd']);
    });

    it.each([
      ['error', 'd0', ['d0']],
      ['error', 'd2', ['c1']],
      ['drop-newest', 'd1', ['d1']],
      ['drop-newest', 'd2', ['c1']],
      ['drop-oldest', 'd0', ['d0']],
      ['drop-oldest', 'd1', ['b1']],
      ['drop-oldest', 'd2', ['b1']],
    ] as const)('with %s and %s coming, lets go who matters least', (overflow, last, refused) => {
      const admitted = admit(desk().work, { capacity: 2, overflow, priority: (input) => Number(input[1]) });
      const visits = ['a1', 'b1', 'c1', last].map((input) => [input, visit(of(input), admitted).seen] as const);
      expect(visits.filter(([, seen]) => seen.length > 0).map(([input]) => input)).toEqual(refused);
    });

    it('lets none wait in a room without chairs', () => {
      const { work, end } = desk();
      const admitted = admit(work, { capacity: 0, overflow: 'error' });
      const first = visit(of('a'), admitted);
      expect(visit(of('b'), admitted).seen).toMatchObject([{ code: 'admission', waiting: 0, capacity: 0 }]);
      end('a');
      expect(first.seen).toEqual(['A', 'end']);
      expect(visit(of('c'), admitted).seen).toEqual([]);
    });
  });

  describe('holds', () => {
    it.each([
      [0, 1],
      [2, 1],
      [3, 4],
    ])('the stage before it at %i who wait beside %i who work', async (capacity, concurrency) => {
      const source = counted();
      const { begun, end, work } = desk();
      const reading = source.numbers.pipe(map(String), admit(work, { capacity, concurrency })).subscribe();
      await turn();
      expect(source.made).toBe(capacity + concurrency);
      expect(begun).toHaveLength(concurrency);
      end('1');
      await turn();
      expect(source.made).toBe(capacity + concurrency + 1);
      reading.unsubscribe();
      await turn();
      expect(source.running).toBe(false);
    });

    it('each of the stages before it, and never works on more than it may', async () => {
      const sources = [counted(), counted(), counted()];
      const { begun, end, work } = desk();
      const admitted = admit(work, { capacity: 2 });
      const readings = sources.map(({ numbers }, index) =>
        numbers
          .pipe(
            map((n) => `${index}:${n}`),
            admitted,
          )
          .subscribe(),
      );
      await turn();
      const made = () => sources.reduce((sum, source) => sum + source.made, 0);
      // Each brings one before anybody can tell it to wait.
      expect(made()).toBeLessThanOrEqual(5);
      for (let ended = 0; ended < 30; ended++) {
        end(begun.at(-1) ?? '');
        await turn();
        expect(begun).toHaveLength(ended + 2);
        expect(made() - begun.length).toBeLessThanOrEqual(4);
      }
      for (const source of sources) expect(source.made).toBeGreaterThan(5);
      for (const reading of readings) reading.unsubscribe();
    });

    it.each([
      ['and there is room', []],
      ['though the room is still full', ['x']],
    ])('nobody any more when its reader has left, %s', async (_, others) => {
      const source = counted(50);
      const admitted = admit(desk().work, { capacity: 0 });
      for (const other of others) visit(of(other), admitted);
      const left = new Subject<void>();
      const seen: number[] = [];
      const numbers = new Subject<number>();
      numbers.subscribe((value) => seen.push(value));
      numbers.pipe(map(String), admitted, takeUntil(left)).subscribe();
      source.numbers.subscribe(numbers);
      await turn();
      expect(seen).toEqual([1]);
      left.next();
      await turn();
      expect(seen).toHaveLength(50);
    });

    it('nobody who waits where nobody can be held', () => {
      const { begun, work } = desk();
      const states: AdmitState[] = [];
      const admitted = admit(work, { capacity: 2 });
      visit(range(1, 10).pipe(map(String)), admitted);
      admitted.state.subscribe((state) => states.push(state));
      expect(begun).toHaveLength(1);
      expect(states).toMatchObject([{ waiting: 9, running: 1 }]);
    });

    it('its own work while its reader holds the outputs, and through that the stage before', async () => {
      const source = counted();
      const releases: (() => void)[] = [];
      const reading = source.numbers
        .pipe(
          admit(
            mergeMap(async (n: number) => n),
            { capacity: 2 },
          ),
        )
        .subscribe(() => releases.push(hold()));
      await turn();
      expect(releases).toHaveLength(1);
      expect(source.made).toBe(3);
      releases[0]?.();
      await turn();
      expect(releases).toHaveLength(2);
      expect(source.made).toBe(4);
      reading.unsubscribe();
    });

    it('no other work for the sake of a reader who is slow', async () => {
      const shared = new Subject<string>();
      let free: boolean | undefined;
      const producer = fromGenerator(async function* () {
        yield 'x';
        free = true;
      });
      const admitted = admit(
        mergeMap((input: string) => (input === 'a' ? shared.pipe(take(1)) : of(input))),
        { capacity: 1 },
      );
      visit(of('a'), admitted);
      const held: string[] = [];
      of('b')
        .pipe(admitted)
        .subscribe((value) => {
          held.push(value);
          hold();
        });
      producer.subscribe(shared);
      await turn();
      expect(held).toEqual(['b']);
      expect(free).toBe(true);
    });
  });

  describe('state', () => {
    it(
      'tells now and at each change who waits and works, and how long the last one waited',
      marbles(({ cold, hot, expectObservable }) => {
        const source = hot<string>('-x-y------|');
        const admitted = admit(
          mergeMap(() => cold('-----|')),
          { capacity: 5 },
        );
        expectObservable(source.pipe(admitted)).toBe('-----------|');
        const states = admitted.state.pipe(map(({ waiting, running, waited }) => `${waiting} ${running} ${waited}`));
        expectObservable(states).toBe('ab-c--(de)-f', {
          a: '0 0 0',
          b: '0 1 0',
          c: '1 1 0',
          d: '1 0 0',
          e: '0 1 3',
          f: '0 0 3',
        });
      }),
    );

    it('holds nobody for a slow watcher', async () => {
      const admitted = admit(
        mergeMap(async (n: number) => n),
        { capacity: 1 },
      );
      const watching = toAsyncIterable(admitted.state, { highWaterMark: 0 })[Symbol.asyncIterator]();
      await watching.next();
      const source = counted(20);
      let seen = 0;
      source.numbers.pipe(admitted).subscribe(() => seen++);
      await expect.poll(() => seen).toBe(20);
      await watching.return?.();
    });
  });

  describe('in a run', () => {
    const events = <O>(workflow: (source: Observable<string>) => Observable<O>, log: string[], name = 'run') => {
      const watched = run(step(name, workflow), name);
      const note = (event: RunEvent) =>
        log.push(`${event.path.join('/') || 'run'} ${event.type === 'admit' ? event.stage : event.type}`);
      watched.events.subscribe(note);
      return watched;
    };

    it('reports who waits, for how long, and who is refused', async () => {
      const { work, end } = desk();
      const admitted = admit(work, { capacity: 1, overflow: 'error' });
      const logs: string[][] = [[], [], []];
      for (const [index, log] of logs.entries()) {
        events(admitted, log, `${index}`).subscribe({ error: () => undefined });
      }
      end('0');
      await turn();
      end('1');
      expect(logs).toEqual([
        ['run start', '0 start', '0 admitted', '0 complete', 'run complete'],
        ['run start', '1 start', '1 waiting', '1 admitted', '1 complete', 'run complete'],
        ['run start', '2 start', '2 refused', '2 error', 'run error'],
      ]);
    });

    it(
      'tells the milliseconds',
      marbles(({ cold, expectObservable }) => {
        const admitted = admit(
          mergeMap(() => cold('---|')),
          { capacity: 1 },
        );
        const waits = (input: string) => {
          const watched = run(admitted, input);
          const told = watched.events.pipe(
            mergeMap((event) => (event.type === 'admit' ? [`${event.stage} ${event.waited}`] : [])),
          );
          // The events before the results, which start the run.
          return merge(told, watched.pipe(ignoreElements()));
        };
        expectObservable(waits('x')).toBe('a--|', { a: 'admitted 0' });
        expectObservable(waits('y')).toBe('a--b--|', { a: 'waiting 0', b: 'admitted 3' });
      }),
    );

    it('does the work of who waited in its own place, whoever made way', async () => {
      const model = scripted((_, index) => (index === 0 ? NEVER : 'two'));
      const admitted = admit(infer<string>(model), { capacity: 5 });
      const logs: string[][] = [[], []];
      const first = events(admitted, logs[0] as string[], 'first').subscribe();
      events(admitted, logs[1] as string[], 'second').subscribe();
      const frames: unknown[] = [];
      of('?')
        .pipe(
          admitted,
          tap(() => frames.push(frameStorage.getStore())),
        )
        .subscribe();
      first.unsubscribe();
      await turn();
      expect(logs[0]).toEqual([
        'run start',
        'first start',
        'first admitted',
        'first start',
        'first cancel',
        'first cancel',
        'run cancel',
      ]);
      expect(logs[1]).toEqual([
        'run start',
        'second start',
        'second waiting',
        'second admitted',
        'second start',
        'second token',
        'second finish',
        'second complete',
        'second complete',
        'run complete',
      ]);
      expect(frames).toEqual([undefined, undefined]);
    });
  });

  it('passes on what `priority` throws, and refuses what is no number', () => {
    const admitted = admit(delay<string>(1), {
      capacity: 1,
      priority: (input) => (input === 'x' ? Number.NaN : JSON.parse(input)),
    });
    expect(outcome(of('x').pipe(admitted)).error).toBeInstanceOf(RangeError);
    expect(outcome(of('{').pipe(admitted)).error).toBeInstanceOf(SyntaxError);
  });

  it.each([
    [undefined, { capacity: 1 }, /Expected the workflow of admit to be a workflow, received undefined/],
    [map(String), undefined, /Expected the options of admit to be an object, received undefined/],
    [map(String), {}, /Expected `capacity` to be a whole number of at least 0, received undefined/],
    [map(String), { capacity: -1 }, /Expected `capacity` to be a whole number of at least 0, received -1/],
    [map(String), { capacity: 1, concurrency: 0 }, /Expected `concurrency` to be a whole number of at least 1/],
    [
      map(String),
      { capacity: 1, overflow: 'drop' },
      /Expected `overflow` to be one of hold, error, .*, received "drop"/,
    ],
    [map(String), { capacity: 1, priority: 5 }, /Expected `priority` to be a function, received 5/],
    [map(String), { capacity: 1, size: 5 }, /Expected the options of admit to be among .*, received `size`/],
  ])('refuses misuse when it is made %#', (workflow, options, message) => {
    expect(() => admit(workflow as never, options as never)).toThrow(message);
  });
});
