import { inferJson, inferText, type RunEvent, run } from 'millrace';
import { openai } from 'millrace/openai';
import { backendContract } from 'millrace/testing';
import { firstValueFrom, lastValueFrom, noop, of, Subscription, take, toArray } from 'rxjs';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { hold } from '../../../src/runtime/flow/hold.ts';
import type { InferenceEvent } from '../../../src/runtime/inference-event.ts';
import { chatAnswer, chatChunk } from '../../support/chat-chunks.ts';
import { ChatServer } from '../../support/chat-server.ts';

const words = ['One', ' two', ' three', ' four'];
const request = { id: 'r', messages: [{ role: 'user', content: 'Count.' }] } as const;

let server: ChatServer;
beforeAll(async () => {
  server = await ChatServer.open({});
});
afterAll(() => server.close());
beforeEach(() => {
  server.reply = () => ({ chunks: chatAnswer(words) });
});

const model = () => openai({ model: 'gpt-test', baseURL: server.url });

/** A server's word after word, for ever. `padding` makes each longer than what lies in buffers. */
const endless = function* (padding = ''): Generator<object> {
  for (let count = 0; ; count++) yield { ...chatChunk({ content: `${count} ` }), padding };
};

describe('the contract of openai', () => {
  const before = new Map<object, number>();
  const subject = {
    backend: () => {
      const backend = model();
      before.set(backend, server.requests.length);
      return backend;
    },
    failing: () => openai({ model: 'gpt-test', baseURL: 'http://127.0.0.1:1/v1' }),
    begun: (backend: object) => server.requests.length - (before.get(backend) ?? 0),
  };
  for (const { title, check } of backendContract(subject)) it(title, check);
});

describe('openai', () => {
  it('tells who answered, as the server says', async () => {
    const events = await lastValueFrom(
      openai({ model: 'gpt-test', baseURL: server.url, id: 'cloud' }).infer(request).pipe(toArray()),
    );
    expect(events.at(-1)).toMatchObject({
      reason: 'stop',
      usage: { input: 7, cached: 0, output: 4 },
      served: { backend: 'cloud', model: 'gpt-test-2025-01-01', location: 'cloud' },
      constraint: 'none',
    });
  });

  it('uses a connection again', async () => {
    // Some servers take a moment to end the body.
    const slow = async function* () {
      yield* chatAnswer(words);
      yield 'data: [DONE]\n\n';
      await new Promise((resolve) => setTimeout(resolve, 5));
    };
    const own = await ChatServer.open(() => ({ chunks: slow(), done: false }));
    const backend = openai({ model: 'gpt-test', baseURL: own.url });
    for (let count = 0; count < 10; count++) await lastValueFrom(backend.infer(request));
    expect(own.connections).toBeLessThan(5);
    await own.close();
  });

  it('is done where the server sends `[DONE]` and stays silent', async () => {
    server.reply = () => ({ chunks: chatAnswer(words), ending: 'stall' });
    expect(await lastValueFrom(of('x').pipe(inferText(model())))).toBe(words.join(''));
    await server.last.closed;
  });

  it('asks through a client of yours', async () => {
    const { OpenAI } = await import('openai');
    const client = new OpenAI({ apiKey: 'key-of-mine', baseURL: server.url, maxRetries: 5 });
    expect(await lastValueFrom(of('x').pipe(inferText(openai({ model: 'm', client }))))).toBe(words.join(''));
    expect(server.last.headers.authorization).toBe('Bearer key-of-mine');
    server.reply = () => ({ status: 503 });
    const before = server.requests.length;
    await expect(lastValueFrom(openai({ model: 'm', client }).infer(request))).rejects.toMatchObject({ status: 503 });
    expect(server.requests.length).toBe(before + 1);
  });
});

describe('the pace of a reader of openai', () => {
  it('reads no further than one event past what the reader has room for', async () => {
    server.reply = () => ({ chunks: endless('x'.repeat(4000)) });
    const parse = vi.spyOn(JSON, 'parse');
    const chunks = () => parse.mock.calls.filter(([text]) => text.includes('"chat.completion.chunk"')).length;
    const read: InferenceEvent[] = [];
    const waiting: { readonly event: InferenceEvent; readonly release: () => void }[] = [];
    const highWaterMark = 4;
    const reading = new Subscription();
    await new Promise<void>((full) => {
      const take = (event: InferenceEvent) => {
        if (read.length < 20) return void read.push(event);
        waiting.push({ event, release: waiting.length + 1 < highWaterMark ? noop : hold() });
        if (waiting.length === highWaterMark) full();
      };
      reading.add(model().infer(request).subscribe(take));
    });
    // As much time as the server needs to fill every buffer on the way.
    let before = -1;
    while (server.last.sent !== before) {
      before = server.last.sent;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    expect(read).toHaveLength(20);
    expect(waiting).toHaveLength(4);
    expect(chunks()).toBeLessThanOrEqual(25);
    expect(server.last.sent).toBeLessThan(20_000);
    waiting.at(-1)?.release();
    await vi.waitFor(() => expect(waiting).toHaveLength(5));
    parse.mockRestore();
    reading.unsubscribe();
    await server.last.closed;
  });

  it('closes the connection when the reader leaves, also one that holds', async () => {
    server.reply = () => ({ chunks: endless() });
    for (const last of [noop, hold]) {
      await new Promise<void>((resolve) => {
        const reading = model()
          .infer(request)
          .subscribe(() => {
            last();
            queueMicrotask(() => reading.unsubscribe());
            resolve();
          });
      });
      await server.last.closed;
    }
  });

  it('withdraws a request that is not answered yet', async () => {
    server.reply = () => ({ chunks: [], done: false, ending: 'stall' });
    const before = server.requests.length;
    const reading = model().infer(request).subscribe();
    await vi.waitFor(() => expect(server.requests.length).toBe(before + 1));
    reading.unsubscribe();
    await server.last.closed;
  });
});

describe('what a reader that leaves has spent', () => {
  const eventsOf = async (words: number, chunks: Iterable<object>): Promise<readonly RunEvent[]> => {
    server.reply = () => ({ chunks });
    const running = run((source) => source.pipe(inferText(model())), 'x');
    const events: RunEvent[] = [];
    const told = running.events.subscribe((event) => events.push(event));
    const enough = firstValueFrom(running.events.pipe(take(words), toArray()));
    const reading = running.subscribe();
    await enough;
    reading.unsubscribe();
    await server.last.closed;
    told.unsubscribe();
    return events;
  };

  it('shows in the run as the pieces that came', async () => {
    const events = await eventsOf(8, endless());
    const tokens = events.filter(({ type }) => type === 'token').length;
    expect(tokens).toBeGreaterThan(0);
    const [usage, cancel] = events.slice(-3).filter(({ kind }) => kind === 'model');
    expect(usage).toMatchObject({ type: 'usage', usage: { output: tokens } });
    expect(cancel).toMatchObject({ type: 'cancel' });
  });

  it('shows in the run as the server counts, where it does', async () => {
    const counted = function* () {
      for (let count = 1; ; count++) {
        const usage = { prompt_tokens: 9, completion_tokens: count * 2, prompt_tokens_details: { cached_tokens: 3 } };
        yield { ...chatChunk({ content: 'x' }), usage };
      }
    };
    const events = await eventsOf(8, counted());
    const tokens = events.filter(({ type }) => type === 'token').length;
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'usage', usage: { input: 9, cached: 3, output: tokens * 2 } }),
    );
  });

  it('shows where the answer breaks off too', async () => {
    server.reply = () => ({ chunks: [chatChunk({ content: 'x' })], done: false });
    const running = run((source) => source.pipe(inferText(model())), 'x');
    const events: RunEvent[] = [];
    running.events.subscribe((event) => events.push(event));
    await expect(lastValueFrom(running)).rejects.toThrow('broke off');
    expect(events.filter(({ kind }) => kind === 'model').map(({ type }) => type)).toEqual([
      'start',
      'token',
      'usage',
      'error',
    ]);
  });
});

describe('inferJson with openai', () => {
  const colour = { type: 'string', enum: ['red', 'blue'] } as const;
  const say = (text: string) => ({ chunks: chatAnswer(text.match(/.{1,3}/g) ?? []) });

  it('gives what the server holds to a schema, out of the object around it', async () => {
    server.reply = () => say('{"answer": "blue"}');
    const answer = await lastValueFrom(of('Which?').pipe(inferJson(model(), colour)));
    expect(answer).toBe('blue');
    const { response_format: format, messages } = server.last.body;
    expect(format.json_schema.schema.properties.answer).toEqual(colour);
    expect(messages[0].content).toContain(JSON.stringify(format.json_schema.schema));
  });

  it('asks a server in words that knows no schemas, once', async () => {
    server.reply = () => say('Here it is: "blue"');
    const worded = openai({ model: 'm', baseURL: server.url, schemas: 'prompt' });
    expect(await lastValueFrom(of('Which?').pipe(inferJson(worded, colour)))).toBe('blue');
    const { response_format: format, messages } = server.last.body;
    expect(format).toBeUndefined();
    expect(messages).toHaveLength(2);
    expect(messages[0].content.split(JSON.stringify(colour))).toHaveLength(2);
  });

  it('repairs an answer that does not match', async () => {
    server.reply = ({ body }) => say(body.messages.length > 2 ? '{"answer":"red"}' : 'no');
    expect(await lastValueFrom(of('Which?').pipe(inferJson(model(), colour)))).toBe('red');
  });
});

describe('the port of a server', () => {
  it('that is closed is a failure that may pass', async () => {
    const gone = await ChatServer.open({});
    const { url } = gone;
    await gone.close();
    await expect(lastValueFrom(openai({ model: 'm', baseURL: url }).infer(request))).rejects.toMatchObject({
      retryable: true,
      message: expect.stringMatching(/^Expected the answer of 127.0.0.1:\d+, received none: .*ECONNREFUSED/),
    });
  });
});
