import {
  type Backend,
  type FinishReason,
  type InferenceRequest,
  inferJson,
  type RunEvent,
  route,
  run,
  SchemaError,
  type SchemaIssue,
  TruncatedError,
  type Workflow,
} from 'millrace';
import { marbles, type ScriptedBackend, type ScriptedReply, scripted } from 'millrace/testing';
import { firstValueFrom, lastValueFrom, map, of, throwError, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { obeysOperatorLaws } from '../support/operator-laws.ts';

const integer = { type: 'integer' } as const;

/** A backend that says that it held the model to the schema. */
const enforcing = (reply: string, unenforced: readonly string[] = []): ScriptedBackend => ({
  ...scripted([reply, { type: 'finish', constraint: 'enforced' }]),
  unenforced: () => unenforced,
});

/** Answers one after the other; the last one stays. */
const answers = (...replies: ScriptedReply[]): ScriptedBackend =>
  scripted((_, index) => replies[Math.min(index, replies.length - 1)] as ScriptedReply);

const cut = (text: string, reason: FinishReason = 'length'): ScriptedReply => [text, { type: 'finish', reason }];

const failure = (workflow: Workflow<string, unknown>): Promise<unknown> =>
  firstValueFrom(of('x').pipe(workflow)).then(
    (value) => expect.fail(`Expected an error, received ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );

/** What a run reports of its only model step. */
const reported = async (workflow: Workflow<string, unknown>): Promise<RunEvent[]> => {
  const events: RunEvent[] = [];
  const results = run(workflow, 'x');
  results.events.subscribe((event) => events.push(event));
  await lastValueFrom(results.pipe(toArray())).catch(() => undefined);
  return events.filter(({ kind }) => kind === 'model');
};

describe('inferJson', () => {
  obeysOperatorLaws(
    () => inferJson<string, typeof integer>(scripted('1'), integer),
    (n) => `question ${n}`,
  );

  it(
    'gives values, and asks again where one does not match',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot(' -x--------y---|');
      const wrong = cold('  -a-|', { a: '"one"' });
      const wrongSubs = '  -^--!';
      const right = cold('     -b-|', { b: '1' });
      const rightSubs = '  ----^--!';
      const other = cold('           -c-|', { c: '2' });
      const otherSubs = '  ----------^--!';
      const expected = '   -------m-----n|';
      const script = [wrong, right, other];
      const model = scripted((_, index) => script[index] as ScriptedReply);

      expectObservable(source.pipe(inferJson(model, { type: 'integer' }))).toBe(expected, { m: 1, n: 2 });
      expectSubscriptions(wrong.subscriptions).toBe(wrongSubs);
      expectSubscriptions(right.subscriptions).toBe(rightSubs);
      expectSubscriptions(other.subscriptions).toBe(otherSubs);
    }),
  );

  it(
    'stops the model when the reader leaves, in a later attempt too',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const wrong = cold('-a-|', { a: '"one"' });
      const right = cold('   -b-|', { b: '1' });
      const leave = '     ----!';
      const script = [wrong, right];
      const model = scripted((_, index) => script[index] as ScriptedReply);
      expectObservable(of('x').pipe(inferJson(model, integer)), leave).toBe('-');
      expectSubscriptions(right.subscriptions).toBe('---^!');
    }),
  );

  it(
    'answers several questions at once where `concurrency` says so',
    marbles(({ cold, hot, expectObservable }) => {
      const source = hot('  -x-y|   ');
      const answer = '       --1--| ';
      const expected = '    ------m-(m|)';
      const model = scripted(() => cold(answer));
      expectObservable(source.pipe(inferJson(model, integer, { concurrency: 2 }))).toBe(expected, { m: 1 });
    }),
  );

  it('makes the prompt of an input, and hands on sampling', async () => {
    const model = scripted('7');
    const ask = inferJson(model, integer, (n: number) => `Count to ${n}`, { temperature: 0, maxTokens: 9 });
    expect(await firstValueFrom(of(7).pipe(ask))).toBe(7);
    expect(model.requests[0]).toMatchObject({ temperature: 0, maxTokens: 9, schema: { type: 'integer' } });
    expect(model.requests[0]?.messages.at(-1)).toEqual({ role: 'user', content: 'Count to 7' });
  });

  it('tells a backend that enforces nothing the schema in the prompt', async () => {
    const rule = 'Answer with one JSON value that matches this JSON Schema, and with nothing else:\n{"type":"integer"}';
    const model = scripted('7');
    await firstValueFrom(of('x').pipe(inferJson(model, integer)));
    expect(model.requests[0]?.messages).toEqual([
      { role: 'system', content: rule },
      { role: 'user', content: 'x' },
    ]);
    const briefed = [{ role: 'system', content: 'Be brief.' } as const, { role: 'user', content: 'x' } as const];
    await firstValueFrom(of(1).pipe(inferJson(model, integer, () => briefed)));
    expect(model.requests[1]?.messages).toEqual([{ role: 'system', content: `Be brief.\n\n${rule}` }, briefed[1]]);
  });

  it('leaves the prompt to a backend that knows what it enforces', async () => {
    const model = enforcing('7', ['multipleOf']);
    await firstValueFrom(of('x').pipe(inferJson(model, integer)));
    expect(model.requests[0]).toMatchObject({ messages: [{ role: 'user', content: 'x' }], schema: integer });
  });

  it('asks again with the wrong answer and with what was found', async () => {
    const model = answers('{"age": "old"}', '{"name": "Ada", "age": 36}');
    const person = {
      type: 'object',
      properties: { name: { type: 'string' }, age: { type: 'integer' } },
      required: ['name'],
    } as const;
    expect(await firstValueFrom(of('Who?').pipe(inferJson(model, person)))).toEqual({ name: 'Ada', age: 36 });
    const [first, second] = model.requests as [InferenceRequest, InferenceRequest];
    expect(second.id).toBe(first.id);
    expect(second.messages).toEqual([
      ...first.messages,
      { role: 'assistant', content: '{"age": "old"}' },
      {
        role: 'user',
        content:
          "This does not match the JSON Schema:\n- the answer must have required property 'name'\n- /age must be integer\nAnswer with the corrected JSON, and with nothing else.",
      },
    ]);
  });

  it('fails with the last answer and what was found once the repairs are used up', async () => {
    const model = answers('"one"', '1.5');
    const error = (await failure(inferJson(model, integer))) as SchemaError;
    expect(error).toBeInstanceOf(SchemaError);
    expect(error.text).toBe('1.5');
    expect(error.issues).toEqual<SchemaIssue[]>([{ path: '', message: 'must be integer' }]);
    expect(model.requests).toHaveLength(2);
  });

  it.each([0, 1, 3])('asks again %i times at most where `repairs` says so', async (repairs) => {
    const model = scripted('no JSON');
    expect(await failure(inferJson(model, integer, { repairs }))).toBeInstanceOf(SchemaError);
    expect(model.requests).toHaveLength(1 + repairs);
  });

  it('looks for the JSON between words, unless the backend held the model to it', async () => {
    const words = 'Sure!\n```json\n7\n```';
    expect(await firstValueFrom(of('x').pipe(inferJson(scripted(words), integer)))).toBe(7);
    expect(await failure(inferJson(enforcing(words), integer))).toBeInstanceOf(SchemaError);
  });

  it('checks what a backend claims to have enforced', async () => {
    expect(await failure(inferJson(enforcing('"one"'), integer, { repairs: 0 }))).toBeInstanceOf(SchemaError);
  });

  it('tells an answer that was cut off from a wrong one, and does not ask again', async () => {
    const model = scripted(cut('{"name": "A'));
    const error = (await failure(inferJson(model, { type: 'object' }))) as TruncatedError;
    expect(error).toBeInstanceOf(TruncatedError);
    expect([error.text, error.tokens]).toEqual(['{"name": "A', 1]);
    expect(model.requests).toHaveLength(1);
  });

  it('takes an answer that is whole in spite of the limit, but not a number, which may go on', async () => {
    const schema = { type: ['object', 'number'] } as const;
    expect(await firstValueFrom(of('x').pipe(inferJson(scripted(cut('{}')), schema)))).toEqual({});
    expect(await failure(inferJson(scripted(cut('12')), schema))).toBeInstanceOf(TruncatedError);
    expect(await firstValueFrom(of('x').pipe(inferJson(scripted(cut('12', 'stop')), schema)))).toBe(12);
  });

  it(
    'passes on the error of the backend',
    marbles(({ expectObservable }) => {
      const broken: Backend = { id: 'b', infer: () => throwError(() => 'gone') };
      expectObservable(of('x').pipe(inferJson(broken, integer))).toBe('#', null, 'gone');
    }),
  );

  it(
    'fails where `toPrompt` throws',
    marbles(({ expectObservable }) => {
      const toPrompt = () => {
        throw 'no prompt';
      };
      expectObservable(of('x').pipe(inferJson(scripted('1'), integer, toPrompt))).toBe('#', null, 'no prompt');
    }),
  );

  describe('in a run', () => {
    it('reports all attempts as one request, with one finish that counts them', async () => {
      const events = await reported(inferJson(answers('"one"', '1'), integer));
      expect(events.map(({ type }) => type)).toEqual(['start', 'token', 'retract', 'token', 'finish', 'complete']);
      const [, first, retract, second, finish] = events;
      const request = (first as { request?: string }).request;
      expect(first).toMatchObject({ type: 'token', text: '"one"', attempt: 1 });
      expect(retract).toMatchObject({ request, attempt: 1 });
      expect(second).toMatchObject({ request, text: '1', attempt: 2 });
      expect(finish).toMatchObject({ request, attempt: 2, constraint: 'repaired', usage: { output: 2 } });
      expect(new Set(events.map(({ step }) => step)).size).toBe(1);
    });

    it('counts on from the attempts that the backend made itself', async () => {
      const model = answers(['a', { type: 'retract' }, '"one"'], '1');
      const attempts = (await reported(inferJson(model, integer))).flatMap((event) =>
        'attempt' in event ? [`${event.type} ${event.attempt}`] : [],
      );
      expect(attempts).toEqual(['token 1', 'retract 1', 'token 2', 'retract 2', 'token 3', 'finish 3']);
    });

    it.each([
      ['enforced', enforcing('1')],
      ['validated', scripted('1')],
      ['repaired', answers('"one"', '1')],
      ['none', scripted('"one"')],
    ])('says that an answer was %s', async (constraint, model) => {
      const finishes = (await reported(inferJson(model, integer))).filter(({ type }) => type === 'finish');
      expect(finishes).toEqual([expect.objectContaining({ constraint })]);
    });
  });

  describe('with a schema', () => {
    it('reads both drafts', async () => {
      const pair = [{ type: 'string' }, { type: 'integer' }] as const;
      const draft07 = {
        $schema: 'http://json-schema.org/draft-07/schema#',
        type: 'array',
        items: pair,
        additionalItems: false,
      } as const;
      const draft2020 = { type: 'array', prefixItems: pair, items: false } as const;
      for (const schema of [draft07, draft2020]) {
        expect(await firstValueFrom(of('x').pipe(inferJson(scripted('["a", 1]'), schema)))).toEqual(['a', 1]);
        expect(await failure(inferJson(scripted('["a", 1, 2]'), schema, { repairs: 0 }))).toBeInstanceOf(SchemaError);
      }
    });

    it('of zod gives what its transformations make, after what it alone knows', async () => {
      const schema = z.object({
        born: z.iso.date().transform((date) => new Date(date)),
        age: z.number().refine((age) => age < 150, 'must be below 150'),
      });
      const model = answers('{"born": "1815-12-10", "age": 200}', '{"born": "1815-12-10", "age": 36}');
      const value = await firstValueFrom(of('x').pipe(inferJson(model, schema)));
      expect(value).toEqual({ born: new Date('1815-12-10'), age: 36 });
      expect(model.requests[0]?.schema).toMatchObject({ properties: { born: { type: 'string', format: 'date' } } });
      expect(model.requests[1]?.messages.at(-1)?.content).toContain('- /age must be below 150');
    });

    it('waits for a check that takes time', async () => {
      const schema = z.string().refine(async (text) => text === 'yes', 'must be yes');
      expect(await firstValueFrom(of('x').pipe(inferJson(answers('"no"', '"yes"'), schema)))).toBe('yes');
    });

    it.each([
      ['is not one', { type: 'text' }, TypeError, /received one where \/type must be equal/],
      ['refers to nothing', { $ref: '#/$defs/none' }, TypeError, /can't resolve reference/],
      ['is asynchronous', { $async: true, type: 'string' }, TypeError, /without|\$async/],
      ['has a catastrophic pattern', { type: 'string', pattern: '^(a+)+$' }, RangeError, /grows exponentially/],
      ['has megabytes', { description: 'x'.repeat(2 ** 20) }, RangeError, /more than 256 kB/],
      ['of zod has no JSON Schema', z.date(), TypeError, /received one of zod that it cannot/],
    ])('that %s is refused when it is made', (_, schema, kind, message) => {
      expect(() => inferJson(scripted('1'), schema as never)).toThrow(kind);
      expect(() => inferJson(scripted('1'), schema as never)).toThrow(message);
    });
  });

  describe('with `enforce`', () => {
    it('takes a backend that enforces the whole schema', async () => {
      expect(await firstValueFrom(of('x').pipe(inferJson(enforcing('1'), integer, { enforce: 'required' })))).toBe(1);
    });

    it.each([
      ['enforces nothing', scripted('1', { id: 'b' })],
      ['does not enforce allOf, not', { ...enforcing('1', ['allOf', 'not']), id: 'b' }],
    ])('refuses a backend that %s when it is made', (reason, model) => {
      expect(() => inferJson(model, integer, { enforce: 'required' })).toThrow(RangeError);
      expect(() => inferJson(model, integer, { enforce: 'required' })).toThrow(
        `Expected a backend that enforces the whole schema, received b, which ${reason}:`,
      );
    });
  });

  it.each([
    [{ repairs: -1 }, 'Expected `repairs` to be a whole number of at least 0, received -1'],
    [{ enforce: 'always' }, 'Expected `enforce` to be \'required\', received "always"'],
    [{ schema: {} }, 'Expected the options of inferJson to be without `schema`, received it'],
    [{ tools: [] }, 'Expected the options of inferJson to be without `tools`, received it'],
    [{ temperature: -1 }, 'Expected `temperature` to be a number of at least 0, received -1'],
    [{ repair: 1 }, /received `repair`/],
  ])('refuses %j when it is made', (options, message) => {
    expect(() => inferJson(scripted('1'), integer, options as object)).toThrow(message);
  });

  it('chooses for route', async () => {
    const choice = { type: 'string', enum: ['simple', 'complex'] } as const;
    const sort = inferJson(scripted('"complex"'), choice, (question: string) => `Is this hard?\n${question}`);
    const answer = of('Why?').pipe(route(sort, { simple: map(() => 1), complex: map((question) => question.length) }));
    expect(await firstValueFrom(answer)).toBe(4);
  });
});
