import {
  BackendError,
  fallback,
  type InferenceEvent,
  infer,
  inferJson,
  inferText,
  PartialError,
  type RunEvent,
  run,
  SchemaError,
  step,
  text,
} from 'millrace';
import { marbles, scripted } from 'millrace/testing';
import { concat, concatMap, type Observable, of, pipe, Subject, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { failure } from '../support/failure.ts';
import { letters } from '../support/letters.ts';
import { obeysOperatorLaws } from '../support/operator-laws.ts';
import { outcome } from '../support/outcome.ts';

const same = concatMap((value: unknown) => of(value));

/** Says some words, then fails. */
const breaks = (words: readonly string[], error: unknown = failure(), id = 'scripted') =>
  scripted(
    () =>
      concat(
        words,
        throwError(() => error),
      ),
    { id },
  );

const asked = (workflow: (source: Observable<string>) => Observable<InferenceEvent>) =>
  outcome(of('?').pipe(workflow, letters));

describe('fallback', () => {
  obeysOperatorLaws(() => fallback(same, same));

  it(
    'takes back what the first workflow showed, and runs the second on the same input',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot(' -x-----y---|');
      const x = cold('      -a-#', undefined, failure());
      const y = cold('            -b|');
      const z = cold('         -c-|');
      const xSubs = '      -^--!';
      const zSubs = '      ----^--!';
      const ySubs = '      -------^-!';
      const expected = '   --a-rc--b--|';
      const event = (type: 'token' | 'retract', text: string) =>
        ({ type, text, request: '1', attempt: 1 }) as InferenceEvent;
      const events = { a: event('token', 'a'), b: event('token', 'b'), c: event('token', 'c') };
      const toEvents = concatMap((letter: string) => of(events[letter as 'a' | 'b' | 'c']));
      const primary = concatMap((input: string) => (input === 'x' ? x : y).pipe(toEvents));
      const secondary = concatMap(() => z.pipe(toEvents));

      expectObservable(source.pipe(fallback(primary, secondary), letters)).toBe(expected);
      expectSubscriptions(x.subscriptions).toBe(xSubs);
      expectSubscriptions(y.subscriptions).toBe(ySubs);
      expectSubscriptions(z.subscriptions).toBe(zSubs);
    }),
  );

  it(
    'leaves the workflow that is at work, and starts nothing afterwards',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const first = cold(' --#', undefined, failure());
      const second = cold('  ---a|');
      const source = hot(' x---');
      const leave = '      ---!';
      expectObservable(
        source.pipe(
          fallback(
            concatMap(() => first),
            concatMap(() => second),
          ),
        ),
        leave,
      ).toBe('-');
      expectSubscriptions(first.subscriptions).toBe(' ^-!');
      expectSubscriptions(second.subscriptions).toBe('--^!');
    }),
  );

  it('switches without a word where nothing was shown', () => {
    const { values } = asked(fallback(infer(breaks([])), infer(scripted('yes'))));
    expect(values).toEqual(['yes', 'f']);
  });

  it('gives the text of the second model alone', () => {
    const workflow = pipe(fallback(infer(breaks(['no, '])), infer(scripted('yes'))), text());
    expect(outcome(of('?').pipe(workflow))).toEqual({ values: ['yes'] });
  });

  it.each([
    ['a misuse', new TypeError('wrong')],
    ['a request that is refused', failure({ retryable: false })],
    ['an aborted request', new DOMException('gone', 'AbortError')],
  ])('passes on %s', (_, error) => {
    const second = scripted('yes');
    expect(outcome(of('?').pipe(fallback(inferText(breaks([], error)), inferText(second))))).toEqual({
      values: [],
      error,
    });
    expect(second.requests).toEqual([]);
  });

  it(
    'does not wait for a model that takes too long',
    marbles(({ cold, expectObservable }) => {
      const slow = scripted(cold('9ms a'));
      const workflow = fallback(infer<string>(slow, { firstTokenTimeout: 5 }), infer(scripted(cold('-b|'))));
      expectObservable(of('?').pipe(workflow, letters)).toBe('5ms -b(f|)');
    }),
  );

  it('lets `when` decide', () => {
    const schema = { type: 'integer' } as const;
    const workflow = fallback(inferJson(scripted('one'), schema), inferJson(scripted('1'), schema), {
      when: (error) => error instanceof SchemaError,
    });
    expect(outcome(of('?').pipe(workflow))).toEqual({ values: [1] });
  });

  it('passes on what `when` throws', () => {
    const error = new Error('no idea');
    const when = () => {
      throw error;
    };
    expect(outcome(of('?').pipe(fallback(inferText(breaks([])), inferText(scripted('')), { when })))).toEqual({
      values: [],
      error,
    });
  });

  it('passes on the error of the second workflow', () => {
    const error = failure();
    const workflow = fallback(inferText(breaks(['a'])), inferText(breaks(['b'], error)));
    expect(outcome(of('?').pipe(workflow))).toEqual({ values: [], error });
  });

  const words = concatMap((word: string) =>
    concat(
      of(word, 'world'),
      throwError(() => failure()),
    ),
  );

  it.each(['retract', 'fail'] as const)(
    'fails with %j where values were shown that cannot be taken back',
    (onPartial) => {
      const { values, error } = outcome(of('hello ').pipe(fallback(words, same, { onPartial: onPartial as 'fail' })));
      expect(values).toEqual(['hello ', 'world']);
      expect(error).toBeInstanceOf(PartialError);
      expect(error).toMatchObject({ code: 'partial', text: 'hello world', cause: expect.any(BackendError) });
    },
  );

  it('fails where a finish was shown', () => {
    const twice = concatMap(() =>
      concat(
        of('?').pipe(infer(scripted('a'))),
        throwError(() => failure()),
      ),
    );
    const { values, error } = asked(fallback(twice, infer(scripted('b'))));
    expect(values).toEqual(['a', 'f']);
    expect(error).toBeInstanceOf(PartialError);
  });

  it('holds values back until all are there', () => {
    const options = { onPartial: 'hold' } as const;
    expect(outcome(of('hello').pipe(fallback(words, same, options)))).toEqual({ values: ['hello'] });
    expect(
      outcome(
        of('a').pipe(
          fallback(
            concatMap(() => 'bc'),
            words,
            options,
          ),
        ),
      ).values,
    ).toEqual(['b', 'c']);
  });

  it('holds as many values back as it is told', () => {
    const options = { onPartial: 'hold', tokens: 2 } as const;
    const { values, error } = outcome(of('hello ').pipe(fallback(words, same, options)));
    expect(values).toEqual(['hello ', 'world']);
    expect(error).toBeInstanceOf(PartialError);
    expect(outcome(of('hello').pipe(fallback(words, same, { onPartial: 'hold', tokens: 3 }))).values).toEqual([
      'hello',
    ]);
  });

  it('takes back every round of a tool loop', () => {
    const rounds = concatMap(() => {
      const envelope = { attempt: 1 } as const;
      const call = { id: 'c', name: 'look', arguments: {} };
      return concat(
        of<InferenceEvent[]>(
          { ...envelope, request: 'one', type: 'token', text: 'Let me look.' },
          { ...envelope, request: 'one', type: 'tool-call', call },
          { ...envelope, request: 'one', type: 'tool-result', call, output: 'here' },
          { ...envelope, request: 'two', type: 'token', text: 'It is' },
        ),
        throwError(() => failure()),
      );
    });
    const { values } = outcome(of('?').pipe(fallback(rounds, infer(scripted('there')))));
    const retracts = values.flatMap((event) => (event.type === 'retract' ? [event.request] : []));
    expect(retracts).toEqual(['one', 'two']);
    expect(values.at(-1)).toMatchObject({ type: 'finish', attempt: 2, served: { attempt: 2 } });
    const { error } = outcome(of('?').pipe(fallback(rounds, infer(scripted('there')), { onPartial: 'fail' })));
    expect(error).toMatchObject({ text: 'It is' });
  });

  it('shows in a run which attempt failed and why', () => {
    const error = failure();
    const { events, ...rest } = { events: [] as RunEvent[], error };
    const running = run(fallback(inferText<string>(breaks(['a'], error)), inferText(scripted('b'))), '?');
    running.events.subscribe((event) => events.push(event));
    expect(outcome(running).values).toEqual(['b']);
    const attempts = events.filter(({ type }) => type === 'attempt');
    expect(attempts).toEqual([expect.objectContaining({ kind: 'run', attempt: 1, error: rest.error })]);
    expect(events.filter(({ kind, type }) => kind === 'model' && type === 'start').map(({ parent }) => parent)).toEqual(
      [attempts[0]?.step, attempts[0]?.step],
    );
  });

  it('keeps what it holds of one request where another is retracted', () => {
    const token = (request: string, text: string) => ({ type: 'token', request, attempt: 1, text }) as const;
    const retract = { type: 'retract', request: 'two', attempt: 1 } as const;
    const said = (...events: InferenceEvent[]) =>
      concatMap(() =>
        concat(
          of(...events),
          throwError(() => failure()),
        ),
      );
    const options = { onPartial: 'hold', tokens: 3 } as const;
    const begun = [token('one', 'a'), token('two', 'b'), retract, token('two', 'c')];
    expect(asked(fallback(said(...begun), infer(scripted('z')), options)).values).toEqual(['z', 'f']);
    const { values } = asked(fallback(said(...begun, token('two', 'd')), infer(scripted('z')), options));
    expect(values).toEqual(['a', 'c', 'd', 'r', 'r', 'z', 'f']);
  });

  it('runs the second workflow in the step of the first, wherever that has failed', () => {
    const gone = new Subject<string>();
    const running = run(
      step(
        'ask',
        fallback(
          concatMap(() => gone),
          inferText<string>(scripted('b')),
        ),
      ),
      '?',
    );
    const paths: (readonly string[])[] = [];
    running.events.subscribe(({ kind, type, path }) => kind === 'model' && type === 'start' && paths.push(path));
    const values: unknown[] = [];
    running.subscribe((value) => values.push(value));
    gone.error(failure());
    expect(values).toEqual(['b']);
    expect(paths).toEqual([['ask']]);
  });

  it.each([
    [{ when: 'always' }, /Expected `when` to be a function, received "always"/],
    [{ onPartial: 'continue' }, /Expected `onPartial` to be one of 'fail', 'retract', 'hold', received "continue"/],
    [{ onPartial: 'hold', tokens: 0 }, /Expected `tokens` to be a whole number of at least 1, received 0/],
    [{ tokens: 3 }, /Expected `tokens` only with `onPartial: 'hold'`, received it with 'retract'/],
    [{ whenn: () => true }, /Expected the options of fallback to be among when, onPartial, tokens, received `whenn`/],
  ])('refuses %j when it is made', (options, message) => {
    expect(() => fallback(same, same, options as never)).toThrow(message);
  });

  it('refuses what is no workflow when it is made', () => {
    expect(() => fallback(same, 'other' as never)).toThrow(
      /Expected `secondary` of fallback to be a workflow, received "other"/,
    );
  });
});
