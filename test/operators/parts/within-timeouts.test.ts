import { callTools, hold, infer, inferJson, inferText, run, step, TimeoutError, text, tool } from 'millrace';
import { marbles, scripted } from 'millrace/testing';
import { catchError, concatMap, delay, NEVER, type Observable, of, tap, throwError, timer } from 'rxjs';
import { describe, expect, it } from 'vitest';

describe('firstTokenTimeout', () => {
  it(
    'fails an answer that does not begin in time',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const answer = cold('----a|');
      const model = scripted(answer);
      expectObservable(of('x').pipe(infer(model, { firstTokenTimeout: 3 }))).toBe(
        '---#',
        {},
        new TimeoutError('first-token', 3, ''),
      );
      expectSubscriptions(answer.subscriptions).toBe('^--!');
    }),
  );

  it(
    'is over once the first event has come',
    marbles(({ cold, expectObservable }) => {
      const model = scripted(cold('--a 20ms b|'));
      expectObservable(of('x').pipe(inferText(model, { firstTokenTimeout: 3 }))).toBe(
        '22ms --(x|)'.replace('22ms --', '24ms '),
        {
          x: 'ab',
        },
      );
    }),
  );
});

describe('idleTimeout', () => {
  it(
    'fails an answer in which a token takes too long, with what there was',
    marbles(({ cold, expectObservable }) => {
      const model = scripted(cold('------a--b---------c|'));
      expectObservable(of('x').pipe(inferText(model, { idleTimeout: 5 }))).toBe(
        '--------------#',
        {},
        new TimeoutError('idle', 5, 'ab'),
      );
    }),
  );

  it(
    'does not count what came before a retraction',
    marbles(({ cold, expectObservable }) => {
      const model = scripted(cold('a-r-b', { a: 'a', r: { type: 'retract' }, b: 'b' } as never));
      expectObservable(of('x').pipe(inferText(model, { idleTimeout: 5 }))).toBe(
        '---------#',
        {},
        new TimeoutError('idle', 5, 'b'),
      );
    }),
  );

  it(
    'does not run while the reader holds',
    marbles(({ cold, expectObservable }) => {
      const model = scripted(cold('ab|'));
      const slow = of('x').pipe(
        infer(model, { idleTimeout: 5 }),
        tap(() => {
          const release = hold();
          timer(50).subscribe(release);
        }),
      );
      const seen: string[] = [];
      slow.subscribe({ next: ({ type }) => seen.push(type), complete: () => seen.push('end') });
      expectObservable(timer(200).pipe(tap(() => expect(seen).toEqual(['token', 'token', 'finish', 'end'])))).toBe(
        '200ms (0|)',
        [0],
      );
    }),
  );
});

describe('deadline', () => {
  it(
    'fails an answer that has not ended in time, though it goes on and on',
    marbles(({ cold, expectObservable }) => {
      const model = scripted(cold('-a-a-a-a-a-a-a-a|'));
      expectObservable(of('x').pipe(inferText(model, { deadline: 6 }))).toBe(
        '------#',
        {},
        new TimeoutError('deadline', 6, 'aaa'),
      );
    }),
  );

  it(
    'begins anew with each input',
    marbles(({ cold, expectObservable }) => {
      const model = scripted(cold('---a|'));
      expectObservable(of('x', 'y').pipe(inferText(model, { deadline: 6 }))).toBe('----a---(a|)');
    }),
  );

  it(
    'counts all rounds of a tool loop',
    marbles(({ cold, expectObservable }) => {
      const call = { id: 'c', name: 'wait', arguments: {} };
      const model = scripted(() => cold<never>('--c|', { c: { type: 'tool-call', call } } as never));
      const wait = tool({ name: 'wait', parameters: { type: 'object' }, execute: () => 'waited' });
      expectObservable(of('x').pipe(callTools(model, [wait], { deadline: 10, maxRounds: 99 }), text())).toBe(
        '----------#',
        {},
        new TimeoutError('deadline', 10, ''),
      );
    }),
  );

  it(
    'counts the repairs of a JSON answer, and knows the text that stands',
    marbles(({ cold, expectObservable }) => {
      const model = scripted((_, index) => cold(index === 0 ? '--x|' : '----1----|'));
      expectObservable(of('x').pipe(inferJson(model, { type: 'number' }, { deadline: 9 }))).toBe(
        '---------#',
        {},
        new TimeoutError('deadline', 9, '1'),
      );
    }),
  );

  it(
    'of a step runs from its first input, and the error tells the step',
    marbles(({ cold, expectObservable }) => {
      const slow = step(
        'slow',
        concatMap((letter: string) => of(letter).pipe(delay(20))),
        { deadline: 4 },
      );
      const told = catchError(({ limit, path }) => of([limit, ...path]));
      expectObservable(cold('-----a|').pipe(slow, told)).toBe('---------(e|)', { e: ['deadline', 'slow'] });
      expectObservable((NEVER as Observable<string>).pipe(slow)).toBe('-');
    }),
  );

  it(
    'of a run ends it and everything in it',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const answer = cold('-a-a-a-a-a');
      const model = scripted(answer);
      expectObservable(run(infer(model), 'x', { deadline: 4 }).pipe(text())).toBe(
        '----#',
        {},
        new TimeoutError('deadline', 4, 'aa'),
      );
      expectSubscriptions(answer.subscriptions).toBe('^---!');
    }),
  );
});

describe('the options that limit the time', () => {
  const model = scripted('x');

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])('refuse %d', (value) => {
    expect(() => infer(model, { idleTimeout: value })).toThrow(
      /Expected `idleTimeout` to be milliseconds above 0 and below 2147483648, received/,
    );
    expect(() => step('x', (source: Observable<string>) => source, { deadline: value })).toThrow(RangeError);
    expect(() => run(infer(model), 'x', { deadline: value })).toThrow(RangeError);
  });

  it('never reach the backend', () => {
    of('x')
      .pipe(infer(model, { deadline: 9, firstTokenTimeout: 9, idleTimeout: 9 }))
      .subscribe();
    expect(Object.keys(model.requests.at(-1) ?? {})).toEqual(['id', 'messages']);
  });

  it('let other errors pass', () => {
    const broken = scripted(throwError(() => new Error('broken')));
    let seen: unknown;
    of('x')
      .pipe(infer(broken, { deadline: 9, idleTimeout: 9 }))
      .subscribe({ error: (error) => (seen = error) });
    expect(seen).toMatchObject({ message: 'broken' });
  });
});
