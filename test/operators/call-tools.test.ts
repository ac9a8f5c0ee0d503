import {
  type Backend,
  type CallToolsOptions,
  callTools,
  type InferenceEvent,
  type RunEvent,
  run,
  type ToolContext,
  ToolError,
  ToolRoundsError,
  text,
  tool,
} from 'millrace';
import { marbles, type ScriptedReply, scripted } from 'millrace/testing';
import {
  EMPTY,
  filter,
  lastValueFrom,
  map,
  NEVER,
  of,
  pipe,
  Subject,
  takeUntil,
  takeWhile,
  throwError,
  toArray,
} from 'rxjs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { obeysOperatorLaws } from '../support/operator-laws.ts';
import { outcome } from '../support/outcome.ts';

const query = { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] } as const;

const called = (name: string, args: unknown, id = 'call-1') =>
  ({ type: 'tool-call', call: { id, name, arguments: args } }) as const;

/** A model that calls the tools of each list in turn, and answers `done` once the lists are used up. */
const caller = (...rounds: readonly (readonly ReturnType<typeof called>[])[]) =>
  scripted((_, index): ScriptedReply => rounds[index] ?? 'done');

const echo = tool({ name: 'echo', parameters: query, execute: ({ query }) => query });

/** A tool without arguments. */
const act = (name: string, execute: (args: unknown, context: ToolContext) => unknown) =>
  tool({ name, parameters: { type: 'object' }, execute });

const fail = (error: unknown): never => {
  throw error;
};

const ofType = <Type extends InferenceEvent['type']>(events: readonly InferenceEvent[], type: Type) =>
  events.filter((event): event is InferenceEvent & { type: Type } => event.type === type);

const outputs = (events: readonly InferenceEvent[]) => ofType(events, 'tool-result').map(({ output }) => output);

const results = pipe(
  filter((event: InferenceEvent) => event.type === 'tool-result'),
  map(({ output }) => output),
);

/** The marble of an event. */
const letter = (event: InferenceEvent) =>
  event.type === 'token' ? event.text : { 'tool-call': 'k', 'tool-result': 'r', finish: 'f' }[event.type as 'finish'];

describe('callTools', () => {
  obeysOperatorLaws(
    () => callTools(scripted('one two'), [echo]),
    (n) => `question ${n}`,
  );

  it(
    'asks again with what the tool gave, until no tool is called',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot('       -x-----------|');
      const first = cold('        -a-k|', { a: 'a', k: called('wait', {}) });
      const output = cold('           --(t|)');
      const second = cold('             -b-|');
      const firstSubs = '        -^---!';
      const outputSubs = '       -----^-!';
      const secondSubs = '       -------^--!';
      const expected = '         --a-k--rb-f--|';
      const model = scripted((_, index) => (index === 0 ? first : second));

      const results = source.pipe(callTools(model, [act('wait', () => output)]), map(letter));

      expectObservable(results).toBe(expected);
      expectSubscriptions(first.subscriptions).toBe(firstSubs);
      expectSubscriptions(output.subscriptions).toBe(outputSubs);
      expectSubscriptions(second.subscriptions).toBe(secondSubs);
    }),
  );

  it('gives one finish, with the usage and the time of all rounds', () => {
    const spent = (input: number, output: number) => ({
      type: 'finish' as const,
      usage: { input, cached: 1, output },
      timing: { queue: 1, load: 2, firstToken: input, total: 10 },
    });
    const model = scripted((_, index) =>
      index === 0 ? ['let me see', called('echo', { query: 'x' }), spent(5, 3)] : ['it is x', spent(20, 4)],
    );
    const { values } = outcome(of('?').pipe(callTools(model, [echo])));
    expect(ofType(values, 'finish')).toMatchObject([
      {
        reason: 'stop',
        request: model.requests[1]?.id,
        usage: { input: 25, cached: 2, output: 7 },
        timing: { queue: 2, load: 4, firstToken: 5, total: 20 },
      },
    ]);
    expect(values.at(-1)?.type).toBe('finish');
  });

  it('hands the model the whole conversation, in a request of its own for each round', () => {
    const model = caller([called('echo', { query: 'x' })]);
    const { values } = outcome(of('?').pipe(callTools(model, [echo], { temperature: 0.5 })));
    const conversation = [
      { role: 'user', content: '?' },
      { role: 'assistant', content: '', toolCalls: [called('echo', { query: 'x' }).call] },
      { role: 'tool', content: 'x', toolCallId: 'call-1' },
    ];
    const tools = [{ name: 'echo', parameters: query }];
    expect(model.requests).toStrictEqual([
      { id: expect.any(String), messages: conversation.slice(0, 1), tools, temperature: 0.5 },
      { id: expect.any(String), messages: conversation, tools, temperature: 0.5 },
    ]);
    expect(model.requests[0]?.id).not.toBe(model.requests[1]?.id);
    expect(ofType(values, 'finish')[0]?.messages).toEqual([...conversation, { role: 'assistant', content: 'done' }]);
    expect(ofType(values, 'tool-result')[0]?.request).toBe(model.requests[0]?.id);
  });

  it('leaves `text` the last answer alone', () => {
    const model = scripted((_, index) => (index === 0 ? ['let me see', called('echo', { query: 'x' })] : ['it is x']));
    expect(outcome(of('?').pipe(callTools(model, [echo]), text()))).toEqual({ values: ['it is x'] });
  });

  it('makes prompts of inputs, one at a time', () => {
    const model = scripted(({ messages }) => `${messages[0]?.content}!`);
    const asked = of(1, 2).pipe(
      callTools(model, [echo], (n) => `number ${n}`),
      text(),
    );
    expect(outcome(asked)).toEqual({ values: ['number 1!', 'number 2!'] });
  });

  it(
    'runs the calls of a turn side by side, and gives their results in the order of the calls',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const a = cold('      -----(a|)');
      const b = cold('      --(b|)');
      const c = cold('      ---------(c|)');
      const aSubs = '       ^----!';
      const bSubs = '       ^-!';
      const cSubs = '       ^--------!';
      const expected = '    -----(ab)(c|)';
      const tools = [act('a', () => a), act('b', () => b), act('c', () => c)];
      const model = caller(['a', 'b', 'c'].map((name) => called(name, {}, name)));
      expectObservable(of('?').pipe(callTools(model, tools), results)).toBe(expected);
      expectSubscriptions(a.subscriptions).toBe(aSubs);
      expectSubscriptions(b.subscriptions).toBe(bSubs);
      expectSubscriptions(c.subscriptions).toBe(cSubs);
    }),
  );

  it(
    'runs as many calls at once as `concurrency` says',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const wait = cold('   -----(w|)');
      const subs = ['       ^----!', '^----!', '-----^----!'];
      const expected = '    -----(ww)-(w|)';
      const model = caller(['1', '2', '3'].map((id) => called('wait', {}, id)));
      const asked = of('?').pipe(callTools(model, [act('wait', () => wait)], { concurrency: 2 }), results);
      expectObservable(asked).toBe(expected);
      expectSubscriptions(wait.subscriptions).toBe(subs);
    }),
  );

  it.each([
    ['a string', () => 'found', 'found'],
    ['an empty string', () => '', ''],
    ['a value', () => ({ stock: [1, 2] }), '{"stock":[1,2]}'],
    ['an array', () => ['a', 'b'], '["a","b"]'],
    ['nothing', () => undefined, 'null'],
    ['an observable, whose last value counts', () => of('first', 'last'), 'last'],
    ['an observable without a value', () => EMPTY, 'null'],
  ])('hands the model %s that a tool returns', (_, execute, output) => {
    const model = caller([called('act', {})]);
    expect(outputs(outcome(of('?').pipe(callTools(model, [act('act', execute)]))).values)).toEqual([output]);
    expect(model.requests[1]?.messages.at(-1)).toEqual({ role: 'tool', content: output, toolCallId: 'call-1' });
  });

  it('hands the model the value of a promise that a tool returns', async () => {
    const model = caller([called('act', {})]);
    const act1 = act('act', async () => ({ found: true }));
    const [output] = outputs(await lastValueFrom(of('?').pipe(callTools(model, [act1]), toArray())));
    expect(output).toBe('{"found":true}');
  });

  it('gives a tool its checked arguments, and the call in the words of the model', () => {
    const seen: unknown[] = [];
    const parameters = z.object({ id: z.string().transform(Number) });
    const load = tool({
      name: 'load',
      parameters,
      execute: ({ id }, { call, signal }) => {
        seen.push(id + 1, call, signal.aborted);
      },
    });
    const call = called('load', { id: '41' });
    outcome(of('?').pipe(callTools(caller([call]), [load])));
    expect(seen).toEqual([42, call.call, false]);
  });

  it('waits for a schema that answers with a promise', async () => {
    const id = z.number().refine(async (n) => n > 1, 'must be above 1');
    const load = tool({ name: 'load', parameters: z.object({ id }), execute: ({ id }) => id });
    const model = caller([called('load', { id: 1 }, 'a'), called('load', { id: 2 }, 'b')]);
    const told = await lastValueFrom(of('?').pipe(callTools(model, [load]), toArray()));
    expect(outputs(told)).toEqual([expect.stringContaining('/id must be above 1'), '2']);
  });

  describe('where a call cannot be run', () => {
    const executed: string[] = [];
    const count = tool({
      name: 'count',
      parameters: query,
      execute: ({ query }) => {
        executed.push(query);
        return query;
      },
    });
    const good = called('count', { query: 'x' }, 'good');
    const bad = called('count', { query: 1 }, 'bad');
    const stray = called('delete', {}, 'stray');
    const badText = expect.stringMatching(/^Expected arguments of count .* \/query must be string/);
    const strayText = 'Expected a call of one of the tools count, received one of delete';
    const ask = (model: Backend, options?: CallToolsOptions) => {
      executed.length = 0;
      return outcome(of('?').pipe(callTools(model, [count], options)));
    };

    it.each([
      ['whose arguments do not match', bad, badText],
      ['whose arguments are not JSON', called('count', '{"query": ', 'bad'), expect.stringContaining('must be object')],
      ['of a tool that is not there', stray, strayText],
    ])('lets the model mend one %s', (_, wrong, told) => {
      const model = caller([wrong], [good]);
      const { values, error } = ask(model);
      expect(error).toBeUndefined();
      expect(outputs(values)).toEqual([told, 'x']);
      expect(executed).toEqual(['x']);
      expect(model.requests[1]?.messages.at(-1)).toEqual({ role: 'tool', content: told, toolCallId: wrong.call.id });
    });

    it('still runs the other calls of the turn', () => {
      const { values } = ask(caller([bad, good, stray]));
      expect(outputs(values)).toEqual([badText, 'x', strayText]);
      expect(executed).toEqual(['x']);
    });

    it.each([
      ['a second turn', caller([bad], [good], [good, stray]), undefined, ['x']],
      ['the first turn without repairs', caller([good, bad]), { repairs: 0 }, []],
      ['a third turn with two repairs', caller([bad], [stray], [bad]), { repairs: 2 }, []],
    ])('fails at %s, and runs none of that turn', (_, model, options, ran) => {
      const { error } = ask(model, options);
      expect(error).toBeInstanceOf(ToolError);
      expect(error).toMatchObject({ code: 'tool', call: { id: expect.stringMatching(/bad|stray/) } });
      expect(executed).toEqual(ran);
    });

    it('fails at a tool that is not there where errors are to be thrown', () => {
      const { error } = ask(caller([stray]), { onToolError: 'throw' });
      expect(error).toBeInstanceOf(ToolError);
      expect(error).toMatchObject({ call: stray.call, message: strayText });
    });
  });

  describe('where a tool fails', () => {
    const circular: unknown[] = [];
    circular.push(circular);

    it.each([
      ['throws', () => fail(new Error('no stock')), 'The tool act failed: no stock'],
      ['throws what is not an error', () => fail('no'), 'The tool act failed: no'],
      ['returns a stream that fails', () => throwError(() => new Error('late')), 'The tool act failed: late'],
      ['returns what is not JSON', () => circular, expect.stringMatching(/^The tool act failed: .*circular/)],
    ])('lets the model read why, where it %s', (_, execute, told) => {
      const model = caller([called('act', {})]);
      const { values, error } = outcome(of('?').pipe(callTools(model, [act('act', execute)])));
      expect(error).toBeUndefined();
      expect(outputs(values)).toEqual([told]);
      expect(model.requests).toHaveLength(2);
    });

    it('fails with a ToolError, and cancels the other calls, where `onToolError` says throw', () => {
      const cause = new Error('no stock');
      const signals: AbortSignal[] = [];
      const hang = act('hang', (_, { signal }) => {
        signals.push(signal);
        return NEVER;
      });
      const broken = act('broken', () => fail(cause));
      const model = caller([called('hang', {}, 'a'), called('broken', {}, 'b')]);
      const { error } = outcome(of('?').pipe(callTools(model, [hang, broken], { onToolError: 'throw' })));
      expect(error).toBeInstanceOf(ToolError);
      expect(error).toMatchObject({ message: 'The tool broken failed: no stock', call: { id: 'b' }, cause });
      expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
      expect(model.requests).toHaveLength(1);
    });
  });

  it('ends after `maxRounds` with an error that carries the conversation and the last results', () => {
    const endless = scripted((_, index) => [called('echo', { query: `${index}` }, `call-${index}`)]);
    const { values, error } = outcome(of('?').pipe(callTools(endless, [echo], { maxRounds: 2 })));
    expect(outputs(values)).toEqual(['0', '1']);
    expect(ofType(values, 'finish')).toEqual([]);
    expect(endless.requests).toHaveLength(2);
    expect(error).toBeInstanceOf(ToolRoundsError);
    expect(error).toMatchObject({ code: 'tool-rounds', rounds: 2 });
    expect((error as ToolRoundsError).messages.map(({ role, content }) => `${role}: ${content}`)).toEqual([
      'user: ?',
      'assistant: ',
      'tool: 0',
      'assistant: ',
      'tool: 1',
    ]);
  });

  it('takes eight rounds for enough where `maxRounds` is left out', () => {
    const endless = scripted(() => [called('echo', { query: 'x' })]);
    expect(outcome(of('?').pipe(callTools(endless, [echo]))).error).toMatchObject({ rounds: 8 });
    expect(endless.requests).toHaveLength(8);
  });

  it.each([
    ['required' as const, ['required', undefined]],
    [{ name: 'echo' }, [{ name: 'echo' }, undefined]],
    ['auto' as const, ['auto', 'auto']],
    ['none' as const, ['none', 'none']],
    [undefined, [undefined, undefined]],
  ])('asks with the tool choice %j, which forces the first round only', (toolChoice, asked) => {
    const model = caller([called('echo', { query: 'x' })]);
    outcome(of('?').pipe(callTools(model, [echo], toolChoice && { toolChoice })));
    expect(model.requests.map((request) => request.toolChoice)).toEqual(asked);
  });

  describe('when the reader leaves', () => {
    const counted = () => {
      const tally = { executed: 0, aborted: 0 };
      const execute = (_: unknown, { signal }: ToolContext) => {
        tally.executed++;
        signal.addEventListener('abort', () => tally.aborted++);
      };
      return { tally, execute };
    };
    const twice = [called('act', {}, 'a'), called('act', {}, 'b')];

    it.each([
      ['at a call', 'tool-call', 0],
      ['at the first result', 'tool-result', 1],
    ])('executes nothing further (%s)', (_, type, executed) => {
      const { tally, execute } = counted();
      const model = caller(twice);
      const asked = of('?').pipe(callTools(model, [act('act', execute)], { concurrency: 1 }));
      outcome(asked.pipe(takeWhile((event) => event.type !== type)));
      expect(tally).toEqual({ executed, aborted: 0 });
      expect(model.requests).toHaveLength(1);
    });

    it('aborts what is being executed, at once', () => {
      const { tally, execute } = counted();
      const hang = act('act', (args, context) => {
        execute(args, context);
        return NEVER;
      });
      const reading = of('?')
        .pipe(callTools(caller(twice), [hang]))
        .subscribe();
      expect(tally).toEqual({ executed: 2, aborted: 0 });
      reading.unsubscribe();
      expect(tally).toEqual({ executed: 2, aborted: 2 });
    });

    it.each(['bare', 'in a run'])('aborts a tool during whose execution that happens (%s)', (where) => {
      const left = new Subject<void>();
      const seen: boolean[] = [];
      const leaving = act('act', (_, { signal }) => {
        left.next();
        seen.push(signal.aborted);
      });
      const workflow = callTools<string>(caller(twice), [leaving]);
      const asked = where === 'bare' ? of('?').pipe(workflow) : run(workflow, '?');
      outcome(asked.pipe(takeUntil(left)));
      expect(seen).toEqual([true]);
    });
  });

  it('aborts no tool that is done', () => {
    const signals: AbortSignal[] = [];
    const keep = act('act', (_, { signal }) => {
      signals.push(signal);
    });
    outcome(of('?').pipe(callTools(caller([called('act', {})]), [keep])));
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  });

  it('shows each execution as a step of a run, beside the requests to the model', () => {
    const model = caller([called('echo', { query: 'x' }, 'a'), called('broken', {}, 'b'), called('gone', {}, 'c')]);
    const broken = act('broken', () => fail(new Error('no')));
    const events: RunEvent[] = [];
    const asked = run(callTools<string>(model, [echo, broken]), '?');
    asked.events.subscribe((event) => events.push(event));
    asked.subscribe();
    const root = events[0]?.step;
    expect(events.map(({ kind, name, type, parent }) => [parent === root, kind, name, type].join(' '))).toEqual([
      'false run run start',
      'true model scripted start',
      'true model scripted tool-call',
      'true model scripted tool-call',
      'true model scripted tool-call',
      'true model scripted finish',
      'true model scripted complete',
      'true tool echo start',
      'true tool echo tool-result',
      'true tool echo complete',
      'true tool broken start',
      'true tool broken error',
      'false run run tool-result',
      'false run run tool-result',
      'true model scripted start',
      'true model scripted token',
      'true model scripted finish',
      'true model scripted complete',
      'false run run complete',
    ]);
  });

  it('fails where the model does, and with its error', () => {
    const error = new Error('gone');
    const broken = { id: 'b', infer: () => throwError(() => error) };
    expect(outcome(of('?').pipe(callTools(broken, [echo]))).error).toBe(error);
  });

  it.each([
    [() => callTools({} as never, [echo]), 'Expected the backend of callTools to be an object with an `infer` method'],
    [() => callTools(caller(), []), 'Expected the tools of callTools to be a list of at least one tool'],
    [() => callTools(caller(), [{ name: 'a' } as never]), 'Expected each tool of callTools to be made with `tool`'],
    [() => callTools(caller(), [echo, echo]), 'to differ in name, received echo twice'],
    [() => callTools(caller(), [echo], { maxRounds: 0 }), 'Expected `maxRounds` to be a whole number of at least 1'],
    [
      () => callTools(caller(), [echo], { concurrency: 0 }),
      'Expected `concurrency` to be a whole number of at least 1',
    ],
    [() => callTools(caller(), [echo], { repairs: -1 }), 'Expected `repairs` to be a whole number of at least 0'],
    [
      () => callTools(caller(), [echo], { onToolError: 'x' as 'throw' }),
      "Expected `onToolError` to be 'return' or 'throw'",
    ],
    [() => callTools(caller(), [echo], { toolChoice: { name: 'x' } }), 'or the name of a tool in the list'],
    [() => callTools(caller(), [echo], { schema: {} } as never), 'to be without `tools` and `schema`'],
    [() => callTools(caller(), [echo], { temperature: -1 }), 'Expected `temperature` to be a number of at least 0'],
    [() => callTools(caller(), [echo], { rounds: 1 } as never), 'received `rounds`'],
  ])('refuses misuse when it is made (%#)', (make, message) => {
    expect(make).toThrow(message);
  });
});
