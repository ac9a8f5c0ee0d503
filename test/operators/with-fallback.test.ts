import {
  type Backend,
  callTools,
  type FinishEvent,
  type InferenceEvent,
  infer,
  inferJson,
  type JsonSchema,
  type Message,
  type OnPartial,
  PartialError,
  type RunEvent,
  run,
  text,
  tool,
  type WithFallbackOptions,
  withFallback,
} from 'millrace';
import { backendContract, marbles, type ScriptedBackend, type ScriptedEvent, scripted } from 'millrace/testing';
import { concat, concatMap, defer, EMPTY, lastValueFrom, type Observable, of, throwError, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { failure } from '../support/failure.ts';
import { letters } from '../support/letters.ts';
import { outcome } from '../support/outcome.ts';

/** Plays a script, then fails. */
const breaks = (script: readonly ScriptedEvent[], options: { id?: string; continues?: boolean } = {}) =>
  scripted(
    () =>
      concat(
        script,
        throwError(() => failure()),
      ),
    { id: 'local', ...options },
  );
const cloud = (script: string | readonly ScriptedEvent[], continues = true) =>
  scripted(script, { id: 'cloud', continues });

const call = { id: 'call-1', name: 'look', arguments: {} };

const ask = (backend: Backend, fields: object = {}): { values: InferenceEvent[]; error?: unknown } =>
  outcome(of('What is it?').pipe(infer(backend, fields)));
const shown = (backend: Backend, fields: object = {}) =>
  ask(backend, fields).values.map((event) => (event.type === 'token' ? event.text : event.type));
const finishOf = (backend: Backend, fields: object = {}) => ask(backend, fields).values.at(-1) as FinishEvent;

describe('withFallback', () => {
  describe.each<[OnPartial, ScriptedEvent[]]>([
    ['fail', []],
    ['retract', ['one', 'two']],
    ['continue', ['one', 'two']],
    ['hold', ['one', 'two']],
  ])('with onPartial: %j', (onPartial, script) => {
    const contract = backendContract({
      backend: () => withFallback(breaks(script), cloud('one two three four'), { onPartial }),
      failing: () => withFallback(breaks(script), breaks(['two']), { onPartial }),
      behind: ['local', 'cloud', 'scripted'],
    });
    for (const { title, check } of contract) it(title, check);
  });

  it(
    'takes back what the first model said, and asks the second',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const first = cold('   -a-b-#', undefined, failure());
      const second = cold('       -c-|');
      const firstSubs = '    ^----!';
      const secondSubs = '   -----^--!';
      const expected = '     -a-b-rc-(f|)';

      const model = withFallback(scripted(first), scripted(second));

      expectObservable(of('?').pipe(infer(model), letters)).toBe(expected);
      expectSubscriptions(first.subscriptions).toBe(firstSubs);
      expectSubscriptions(second.subscriptions).toBe(secondSubs);
    }),
  );

  it(
    'leaves the model that answers, and asks none afterwards',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const first = cold('-a-#', undefined, failure());
      const second = cold('  -b-c-|');
      const model = withFallback(scripted(first), scripted(second));
      const early = '     --!';
      const late = '      -----!';
      expectObservable(of('?').pipe(infer(model), letters), early).toBe('-a');
      expectObservable(of('?').pipe(infer(model), letters), late).toBe(' -a-rb');
      expectSubscriptions(first.subscriptions).toBe(['^-!', '^--!']);
      expectSubscriptions(second.subscriptions).toBe('---^-!');
    }),
  );

  it('asks the second model the same, as another attempt', () => {
    const [first, second] = [breaks(['a']), cloud(['b', 'c'])];
    const { values } = ask(withFallback(first, second), { maxTokens: 9 });
    expect(values.map(({ type, attempt }) => `${type} ${attempt}`)).toEqual([
      'token 1',
      'retract 1',
      'token 2',
      'token 2',
      'finish 2',
    ]);
    expect(second.requests).toEqual(first.requests);
    expect(values.at(-1)).toMatchObject({
      usage: { input: 3, output: 3 },
      served: { backend: 'cloud', model: 'cloud', location: 'device', attempt: 2 },
    });
  });

  it('says too that the first attempt was enough', () => {
    expect(finishOf(withFallback(cloud('a'), breaks([])))).toMatchObject({ attempt: 1, served: { attempt: 1 } });
  });

  it(
    'counts the time of all attempts',
    marbles(({ cold, expectObservable }) => {
      const slow = () => scripted(cold('9ms a 9ms #', undefined, failure()));
      const other = () => scripted(cold('4ms b 5ms |'), { continues: true });
      const timing = (onPartial: 'retract' | 'continue') =>
        of('?').pipe(
          infer(withFallback(slow(), other(), { onPartial })),
          concatMap((event) => (event.type === 'finish' ? [event.timing] : [])),
        );
      const spans = { queue: 0, load: 0, total: 29 };
      expectObservable(timing('retract')).toBe('29ms (t|)', { t: { ...spans, firstToken: 23 } });
      expectObservable(timing('continue')).toBe('29ms (t|)', { t: { ...spans, firstToken: 9 } });
    }),
  );

  it('goes through a chain of three', () => {
    const chain = withFallback(breaks(['a']), withFallback(breaks(['b'], { id: 'other' }), cloud('c')));
    expect(chain.id).toBe('local or other or cloud');
    expect(shown(chain)).toEqual(['a', 'retract', 'b', 'retract', 'c', 'finish']);
    expect(finishOf(chain)).toMatchObject({
      attempt: 3,
      served: { backend: 'cloud', attempt: 3 },
      usage: { output: 3 },
    });
  });

  it('passes on an error that another model cannot mend, and that of the last one', () => {
    const refused = scripted(() =>
      concat(
        ['a'],
        throwError(() => failure({ retryable: false })),
      ),
    );
    const second = cloud('b');
    expect(ask(withFallback(refused, second)).error).toMatchObject({ retryable: false });
    expect(second.requests).toEqual([]);
    const last = scripted(throwError(() => failure({ status: 503 })));
    expect(ask(withFallback(breaks(['a']), last)).error).toMatchObject({ status: 503 });
  });

  describe("with onPartial: 'fail'", () => {
    const options = { onPartial: 'fail' } as const;

    it('fails with what was shown', () => {
      const second = cloud('b');
      const { values, error } = ask(withFallback(breaks(['It ', 'is']), second, options));
      expect(values.map(({ type }) => type)).toEqual(['token', 'token']);
      expect(error).toBeInstanceOf(PartialError);
      expect(error).toMatchObject({ code: 'partial', text: 'It is', cause: { backend: 'scripted' }, path: [] });
      expect((error as Error).message).toBe('Expected a whole answer, received its first 5 characters: busy');
      expect(second.requests).toEqual([]);
    });

    it('falls back where nothing was shown, or nothing stands', () => {
      expect(shown(withFallback(breaks([]), cloud('b'), options))).toEqual(['b', 'finish']);
      const retracted = breaks(['a', { type: 'retract' }]);
      expect(shown(withFallback(retracted, cloud('b'), options))).toEqual(['a', 'retract', 'b', 'finish']);
    });
  });

  describe("with onPartial: 'continue'", () => {
    const options = { onPartial: 'continue' } as const;

    it('lets the second model go on from the partial answer', () => {
      const second = cloud([' a ', 'reef.']);
      const model = withFallback(breaks(['It', ' is']), second, options);
      const { values } = ask(model, { maxTokens: 9 });
      expect(values.map(({ type, attempt }) => `${type} ${attempt}`)).toEqual([
        'token 1',
        'token 1',
        'token 1',
        'token 1',
        'finish 1',
      ]);
      expect(second.requests).toMatchObject([{ prefix: 'It is', maxTokens: 7 }]);
      expect(values.at(-1)).toMatchObject({
        messages: [
          { role: 'user', content: 'What is it?' },
          { role: 'assistant', content: 'It is a reef.' },
        ],
        usage: { output: 4 },
        served: { backend: 'cloud', attempt: 2 },
      });
    });

    it('leaves the second model a token at least', () => {
      const second = cloud('c');
      ask(withFallback(breaks(['a', 'b']), second, options), { maxTokens: 2 });
      expect(second.requests).toMatchObject([{ maxTokens: 1 }]);
    });

    const schema: JsonSchema = { type: 'string' };
    it.each<[string, Backend, Backend]>([
      ['cannot go on', breaks(['a']), cloud('b', false)],
      ['cannot go on from this', breaks(['a']), { ...cloud('b'), continues: ({ prefix }) => prefix !== 'a' }],
      ['is to follow a call', breaks(['a', { type: 'tool-call', call }]), cloud('b')],
      ['is to follow half a call', breaks([{ type: 'tool-call-delta', index: 0, arguments: '' }, 'a']), cloud('b')],
      ['is to follow thoughts alone', breaks([{ type: 'reasoning', text: 'hm' }]), cloud('b')],
    ])('starts over where the second model %s', (_, first, second) => {
      expect(shown(withFallback(first, second, options)).slice(-3)).toEqual(['retract', 'b', 'finish']);
      expect(finishOf(withFallback(first, second, options))).toMatchObject({ messages: [{}, { content: 'b' }] });
    });

    it('tells the second model what it is to go on from', () => {
      const seen: unknown[] = [];
      const second = { ...cloud('b'), continues: (request: object) => !seen.push(request) };
      ask(withFallback(breaks(['a']), second, options), { schema });
      expect(seen).toMatchObject([{ schema, prefix: 'a' }]);
    });

    it('shows the beginning again where the second model takes back what it added', () => {
      const second = cloud(['b', { type: 'retract' }, 'c']);
      const model = withFallback(breaks(['a']), second, options);
      expect(shown(model)).toEqual(['a', 'b', 'retract', 'a', 'c', 'finish']);
      expect(ask(model).values.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 2, 2, 2]);
      expect(finishOf(model)).toMatchObject({ messages: [{}, { content: 'ac' }] });
    });

    it('goes on through a chain, which can where all of it can', () => {
      const third = cloud('c');
      const rest = withFallback(breaks(['b'], { id: 'other', continues: true }), third, options);
      const chain = withFallback(breaks(['a']), rest, options);
      expect(shown(chain)).toEqual(['a', 'b', 'c', 'finish']);
      expect(third.requests).toMatchObject([{ prefix: 'ab' }]);
      expect(finishOf(chain)).toMatchObject({ messages: [{}, { content: 'abc' }], served: { attempt: 3 } });
      expect(withFallback(breaks([]), cloud('c'), options).continues).toBeUndefined();
    });
  });

  describe("with onPartial: 'hold'", () => {
    const hold = (tokens?: number): WithFallbackOptions => ({ onPartial: 'hold', ...(tokens && { tokens }) });

    it.each([
      ['all', undefined, ['c', 'finish']],
      ['more than there were', 3, ['c', 'finish']],
      ['as many as there were', 2, ['a', 'b', 'retract', 'c', 'finish']],
      ['fewer than there were', 1, ['a', 'b', 'retract', 'c', 'finish']],
    ])('takes nothing back of what was held: %s', (_, tokens, expected) => {
      const model = withFallback(breaks([{ type: 'reasoning', text: 'hm' }, 'a', 'b']), cloud('c'), hold(tokens));
      expect(shown(model).filter((event) => event !== 'reasoning')).toEqual(expected);
      expect(finishOf(model)).toMatchObject({ attempt: 2, usage: { output: 4 } });
    });

    it(
      'shows tokens once there are enough, and then as they come',
      marbles(({ cold, expectObservable }) => {
        const first = cold('-a-b---c-|');
        const two = '       ---(ab)c-(f|)';
        const all = '       ---------(abcf|)';
        const ask = (tokens?: number) =>
          of('?').pipe(infer(withFallback(scripted(first), scripted(''), hold(tokens))), letters);
        expectObservable(ask(2)).toBe(two);
        expectObservable(ask()).toBe(all);
      }),
    );

    it('shows nothing of what the first model takes back itself', () => {
      expect(shown(withFallback(cloud(['a', { type: 'retract' }, 'b', 'c']), cloud(''), hold(2)))).toEqual([
        'b',
        'c',
        'finish',
      ]);
    });
  });

  describe('in a tool loop and in a conversation', () => {
    const look = tool({ name: 'look', parameters: { type: 'object' }, execute: () => 'a reef' });
    const rounds = (id: string): ScriptedBackend =>
      scripted(
        ({ messages }) => (messages.at(-1)?.role === 'tool' ? `a reef, says ${id}` : [{ type: 'tool-call', call }]),
        {
          id,
        },
      );
    const loop = (backend: Backend) => outcome(of('What is it?').pipe(callTools(backend, [look]), text())).values;
    const flaky = (id = 'local') => {
      const model = scripted(
        (request, index) => (index === 0 ? throwError(() => failure()) : `${request.messages.length} again`),
        { id },
      );
      return model;
    };

    it('stays with the model that took over', () => {
      const [first, second] = [flaky(), rounds('cloud')];
      expect(loop(withFallback(first, second))).toEqual(['a reef, says cloud']);
      expect([first.requests.length, second.requests.length]).toEqual([1, 2]);
    });

    it('asks the first model again in another conversation', () => {
      const [first, second] = [flaky(), rounds('cloud')];
      const model = withFallback(first, second);
      loop(model);
      expect(shown(model)).toEqual(['1', ' again', 'finish']);
    });

    it('goes back to the first model where the second fails', () => {
      const second = scripted(
        (_, index) => (index === 0 ? [{ type: 'tool-call' as const, call }] : throwError(() => failure())),
        { id: 'cloud' },
      );
      const first = flaky();
      expect(loop(withFallback(first, second))).toEqual(['3 again']);
      expect(first.requests.map(({ messages }) => messages.length)).toEqual([1, 3]);
    });

    it('knows a conversation by its words, and not one that went another way', () => {
      const [first, second] = [flaky(), cloud('Hello.')];
      const model = withFallback(first, second);
      const begun = finishOf(model).messages;
      const more = (messages: readonly Message[]): readonly Message[] => [
        ...messages,
        { role: 'user', content: 'More.' },
      ];
      const served = (messages: readonly Message[]) => {
        const { values } = outcome(of(messages).pipe(infer(model)));
        return (values.at(-1) as FinishEvent).served.backend;
      };
      expect(served(more(JSON.parse(JSON.stringify(begun))))).toBe('cloud');
      expect(served(more([begun[0] as Message, { role: 'assistant', content: 'Hi.' }]))).toBe('local');
      expect(served(more(more(begun)))).toBe('cloud');
    });

    it('runs a tool once, though the call was shown twice', () => {
      let runs = 0;
      const count = tool({ name: 'look', parameters: { type: 'object' }, execute: () => ++runs });
      const first = breaks([{ type: 'tool-call', call }]);
      const model = withFallback(first, rounds('cloud'));
      const { values } = outcome(of('?').pipe(callTools(model, [count])));
      expect(values.map(({ type }) => type)).toEqual([
        'tool-call',
        'retract',
        'tool-call',
        'tool-result',
        'token',
        'token',
        'token',
        'token',
        'finish',
      ]);
      expect(runs).toBe(1);
    });
  });

  it('repairs JSON with the model that took over', () => {
    const [first, second] = [breaks(['"o']), scripted((_, index) => (index === 0 ? 'one' : '1'), { id: 'cloud' })];
    const events: RunEvent[] = [];
    const running = run(inferJson<string, { type: 'integer' }>(withFallback(first, second), { type: 'integer' }), '?');
    running.events.subscribe((event) => events.push(event));
    expect(outcome(running)).toEqual({ values: [1] });
    expect([first.requests.length, second.requests.length]).toEqual([1, 2]);
    expect(events.filter(({ type }) => type === 'retract' || type === 'finish')).toMatchObject([
      { type: 'retract', attempt: 1 },
      { type: 'retract', attempt: 2 },
      { type: 'finish', attempt: 3, usage: { output: 3 } },
    ]);
  });

  it('shows each attempt in a run, with its error, within the step of the model', () => {
    const events: RunEvent[] = [];
    const running = run(infer<string>(withFallback(breaks(['a']), cloud('b'))), '?');
    running.events.subscribe((event) => events.push(event));
    outcome(running);
    expect(events.filter(({ kind }) => kind === 'model').map(({ type }) => type)).toEqual([
      'start',
      'token',
      'attempt',
      'retract',
      'token',
      'finish',
      'complete',
    ]);
    expect(events.find(({ type }) => type === 'attempt')).toMatchObject({
      name: 'local or cloud',
      backend: 'local',
      attempt: 1,
      error: { retryable: true },
    });
  });

  it('promises what both backends promise, and gets the first one ready', () => {
    const held = (keyword: string): Backend => ({ ...cloud(''), unenforced: () => ['format', keyword] });
    expect(withFallback(held('not'), held('if')).unenforced?.({})).toEqual(['format', 'not', 'if']);
    expect(withFallback(held('not'), cloud('')).unenforced).toBeUndefined();
    const preloaded: string[] = [];
    const preload = (id: string) =>
      defer(() => {
        preloaded.push(id);
        return EMPTY;
      });
    const ready = (id: string): Backend => ({ ...cloud(''), preload: () => preload(id) });
    withFallback(ready('a'), ready('b')).preload?.().subscribe();
    expect(preloaded).toEqual(['a']);
    expect(withFallback(cloud(''), ready('b')).preload).toBeUndefined();
  });

  it('takes a name of its own', () => {
    expect(withFallback(cloud(''), cloud(''), { id: 'ours' }).id).toBe('ours');
    expect(() => withFallback(cloud(''), cloud(''), { id: '' })).toThrow(/Expected `id` to be a string/);
  });

  it.each([
    [undefined, cloud(''), /Expected the primary backend of withFallback to be an object with an `infer` method/],
    [cloud(''), {}, /Expected the secondary backend of withFallback to be an object with an `infer` method/],
  ])('refuses what is no backend when it is made', (primary, secondary, message) => {
    expect(() => withFallback(primary as Backend, secondary as Backend)).toThrow(message);
  });

  it.each([
    [{ onPartial: 'carry on' }, /one of 'fail', 'retract', 'continue', 'hold', received "carry on"/],
    [{ onPartial: 'hold', tokens: 1.5 }, /Expected `tokens` to be a whole number/],
    [{ onPartial: 'continue', tokens: 2 }, /Expected `tokens` only with `onPartial: 'hold'`/],
    [{ name: 'ours' }, /Expected the options of withFallback to be among when, onPartial, tokens, id/],
  ])('refuses %j when it is made', (options, message) => {
    expect(() => withFallback(cloud(''), cloud(''), options as never)).toThrow(message);
  });

  it('starts nothing while it is only made', async () => {
    const [first, second] = [breaks([]), cloud('b')];
    const answer = withFallback(first, second).infer({ id: '1', messages: [{ role: 'user', content: '?' }] });
    expect(first.requests).toEqual([]);
    await lastValueFrom((answer as Observable<unknown>).pipe(toArray()));
    expect([first.requests.length, second.requests.length]).toEqual([1, 1]);
  });
});
