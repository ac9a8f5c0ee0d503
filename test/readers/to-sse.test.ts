import { readFileSync } from 'node:fs';
import { BackendError, infer, run, SchemaError, step, text, toSse } from 'millrace';
import { type ScriptedReply, scripted } from 'millrace/testing';
import {
  concat,
  EMPTY,
  firstValueFrom,
  lastValueFrom,
  map,
  NEVER,
  type Observable,
  of,
  throwError,
  toArray,
} from 'rxjs';
import { describe, expect, it } from 'vitest';
import { counted, turn } from '../support/counted.ts';
import { allSent, sentEvents } from '../support/event-source.ts';

const answer = (reply: ScriptedReply) => of('?').pipe(infer(scripted(reply)));
const read = (source: Observable<unknown>, options?: Parameters<typeof toSse>[1]) => allSent(toSse(source, options));
const failing = (error: unknown) => throwError(() => error);

describe('toSse', () => {
  it('sends every event of a model under the name of its type, and the end', async () => {
    const source = answer([
      'Hi',
      { type: 'reasoning', text: 'hm\n\n: "ü"' },
      { type: 'tool-call-delta', index: 0, arguments: '{' },
      { type: 'tool-call', call: { id: '1', name: 'look', arguments: {} } },
      { type: 'tool-result', call: { id: '1', name: 'look', arguments: {} }, output: 'data: x\n\nevent: y' },
      { type: 'retract' },
      ' there',
    ]);
    const events = await lastValueFrom(source.pipe(toArray()));
    const sent = await read(of(...events));
    expect(sent).toEqual([...events.map((event) => [event.type, event]), ['end', null]]);
  });

  it('sends any other value without a name, as JSON', async () => {
    const values = ['text\nwith "lines"\r', '', 1, null, { type: 'token' }, { type: 'error', request: 'mine' }, [1, 2]];
    const sent = await read(of(...values, undefined));
    expect(sent).toEqual([...values.map((value) => ['message', value]), ['message', null], ['end', null]]);
  });

  it('sends nothing but the end of an empty stream', async () => {
    expect(await read(EMPTY)).toEqual([['end', null]]);
  });

  it('sends an error as the last event, with its code and what its message may tell', async () => {
    const error = new SchemaError('{"age":"secret"}', [{ path: '/age', message: 'must be a number' }]);
    expect(await read(concat(of('a'), failing(error)))).toEqual([
      ['message', 'a'],
      ['error', { code: 'schema', message: error.message }],
    ]);
  });

  it.each([
    ['an error of your own', Object.assign(new Error('postgres://me:hunter2@db'), { key: 'hunter2' }), 'step'],
    ['an error of a backend', new BackendError('no /home/hunter2', { backend: 'x', retryable: false }), 'backend'],
    ['what is no error', 'hunter2', 'step'],
  ])('tells nothing of %s but its code', async (_, error, code) => {
    const body = await new Response(toSse(of('?').pipe(step('ask', () => failing(error))))).text();
    expect(body).toBe(`event: error\ndata: {"code":"${code}","message":"The answer failed on the server."}\n\n`);
  });

  it('tells nothing of errors within values either', async () => {
    const error = Object.assign(new Error('hunter2'), { config: 'hunter2', toJSON: () => 'hunter2' });
    const watched = run(
      step('ask', () => failing(error)),
      'x',
    );
    const events = firstValueFrom(watched.events.pipe(toArray()));
    watched.subscribe({ error: () => undefined });
    const body = await new Response(toSse(of(...(await events), [error]))).text();
    expect(body).toContain('{"code":"step","message":"The answer failed on the server."}');
    expect(body).not.toContain('hunter2');
  });

  it('says of errors what it is told to', async () => {
    const options = { toMessage: (error: unknown) => `It broke: ${(error as Error).message}` };
    expect(await read(failing(new Error('oh')), options)).toEqual([
      ['error', { code: 'step', message: 'It broke: oh' }],
    ]);
  });

  it('sends an error where a value is no JSON', async () => {
    expect(await read(of(1, 2n, 3))).toEqual([
      ['message', 1],
      ['error', { code: 'step', message: 'The answer failed on the server.' }],
    ]);
  });

  it('keeps the pace of its reader', async () => {
    const source = counted();
    const reader = toSse(source.numbers, { highWaterMark: 4 }).getReader();
    for (let event = 0; event < 20; event++) await reader.read();
    await turn();
    expect(source.made).toBe(24);
    await reader.cancel();
    await turn();
    expect(source.running).toBe(false);
  });

  it('leaves the source and fails when the signal aborts', async () => {
    const source = counted(2);
    const leaving = new AbortController();
    const reader = toSse(concat(source.numbers, NEVER), { signal: leaving.signal }).getReader();
    for (let event = 0; event < 2; event++) await reader.read();
    const waiting = reader.read();
    const failed = expect(waiting).rejects.toBe('gone');
    leaving.abort('gone');
    await failed;
    expect(source.running).toBe(false);
  });

  it.each([
    [() => toSse(EMPTY, { signal: {} as never }), /Expected `signal` to be an AbortSignal, received an object/],
    [() => toSse(EMPTY, { toMessage: 'x' as never }), /Expected `toMessage` to be a function, received "x"/],
    [() => toSse(EMPTY, { retry: 1 } as never), /Expected the options of toSse to be among .*, received `retry`/],
  ])('refuses misuse when it is made %#', (make, message) => {
    expect(make).toThrow(message);
  });
});

describe('the page in the doc comment of toSse', () => {
  const source = readFileSync(new URL('../../src/readers/to-sse.ts', import.meta.url), 'utf8');
  const [, example = ''] = /```js\n([\s\S]*?) \* ```/.exec(source) ?? [];
  const page = new Function('EventSource', 'answer', 'alert', example.replaceAll(/^ \* ?/gm, ''));

  /** Runs the page on what a server sends, and tells what it shows at the end. */
  const show = async (bytes: ReadableStream<Uint8Array>) => {
    const listeners: [string, (event: { data?: string }) => void][] = [];
    let closed = false;
    const alerts: string[] = [];
    const element = { textContent: '', append: (more: string) => (element.textContent += more) };
    class FakeEventSource {
      addEventListener(type: string, listener: (event: { data?: string }) => void): void {
        listeners.push([type, listener]);
      }
      close(): void {
        closed = true;
      }
    }
    page(FakeEventSource, element, (message: string) => alerts.push(message));
    const tell = (type: string, event: { data?: string }) => {
      for (const [wanted, listener] of listeners) if (wanted === type && !closed) listener(event);
    };
    try {
      for await (const { type, data } of sentEvents(bytes)) tell(type, { data });
    } catch {
      tell('error', {});
    }
    return { shown: element.textContent, closed, alerts };
  };

  const call = { id: '1', name: 'look', arguments: {} };

  it.each<[string, ScriptedReply]>([
    ['an answer', ['One', ' two']],
    ['one that was retracted', ['No', 'ne', { type: 'retract' }, 'One', ' two']],
    ['one retracted twice', ['No', { type: 'retract' }, 'O', { type: 'retract' }, 'One']],
    ['one behind a tool', ['Let me look.', { type: 'tool-result', call, output: '3' }, 'Three']],
  ])('shows %s as `text` gives it', async (_, reply) => {
    const whole = await firstValueFrom(answer(reply).pipe(text()));
    expect(await show(toSse(answer(reply)))).toEqual({ shown: whole, closed: true, alerts: [] });
  });

  it('tells of an error, and does not ask again', async () => {
    const broken = concat(answer(['One']), failing(new Error('x')));
    expect(await show(toSse(broken))).toMatchObject({ closed: true, alerts: ['The answer failed on the server.'] });
  });

  it('does not ask again where the stream was cut off', async () => {
    const cut = answer(['One']).pipe(map((event) => event));
    const leaving = AbortSignal.abort();
    expect(await show(toSse(cut, { signal: leaving }))).toEqual({ shown: '', closed: true, alerts: [] });
  });
});
