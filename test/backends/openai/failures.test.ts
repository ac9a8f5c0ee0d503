import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { inspect } from 'node:util';
import { type BackendError, inferText } from 'millrace';
import { openai } from 'millrace/openai';
import { OpenAI } from 'openai';
import { lastValueFrom, of, tap, toArray } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { chatAnswer, chatChunk } from '../../support/chat-chunks.ts';
import { type ChatReply, ChatServer } from '../../support/chat-server.ts';

const apiKey = 'key-8c41f2-of-nobody';
const request = { id: 'r', messages: [{ role: 'user', content: 'x' }] } as const;
const begun = [chatChunk({ content: 'Hel' }), chatChunk({ content: 'lo' })];
const json = { 'content-type': 'application/json' };

let server: ChatServer;
beforeAll(async () => {
  server = await ChatServer.open({});
});
afterAll(() => server.close());

const failureOf = (reply: ChatReply, options: object = {}): Promise<BackendError> => {
  server.reply = () => reply;
  return lastValueFrom(
    openai({ model: 'm', baseURL: server.url, apiKey, ...options })
      .infer(request)
      .pipe(toArray()),
  ).then(
    () => Promise.reject(new Error('Expected a failure, received an answer')),
    (error) => error,
  );
};

const errorBody = (error: unknown): ChatReply => ({ headers: json, body: JSON.stringify({ error }) });

describe('a status that tells of a failure', () => {
  it.each([
    [400, false],
    [401, false],
    [403, false],
    [404, false],
    [408, true],
    [409, true],
    [413, false],
    [422, false],
    [425, true],
    [429, true],
    [500, true],
    [502, true],
    [503, true],
    [529, true],
  ])('%i is retryable: %s', async (status, retryable) => {
    const error = await failureOf({ ...errorBody({ message: 'not today' }), status });
    expect(error).toMatchObject({ name: 'BackendError', backend: 'm', status, retryable });
    expect(error.message).toMatch(
      new RegExp(`^Expected the answer of 127.0.0.1:\\d+, received status ${status}: not today`),
    );
  });

  it.each([
    [400, 'context_length_exceeded'],
    [500, 'exceed_context_size_error'],
    [500, 'content_policy_violation'],
    [503, 'content_filter'],
  ])('%i is not retryable with the code %s', async (status, code) => {
    expect(await failureOf({ ...errorBody({ message: 'no', code }), status })).toMatchObject({
      status,
      retryable: false,
    });
  });

  it.each<[object, number | undefined]>([
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after-ms': '1234', 'retry-after': '2' }, 1234],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('with the headers %j waits %s ms', async (headers, wait) => {
    const error = await failureOf({
      ...errorBody({ message: 'slow down' }),
      status: 429,
      headers: { ...json, ...headers },
    });
    expect(error.retryAfter).toBe(wait);
  });

  it('waits until a date', async () => {
    const date = new Date(Date.now() + 60_000).toUTCString();
    const { retryAfter } = await failureOf({ status: 503, headers: { 'retry-after': date }, done: false });
    expect(retryAfter).toBeGreaterThan(50_000);
    expect(retryAfter).toBeLessThanOrEqual(60_000);
  });

  it('quotes a page of HTML no further than needed', async () => {
    const error = await failureOf({
      status: 502,
      headers: { 'content-type': 'text/html' },
      body: `<html>\n${'x'.repeat(9999)}`,
    });
    expect(error.retryable).toBe(true);
    expect(error.message).toContain('received status 502: <html> xxx');
    expect(error.message.length).toBeLessThan(400);
  });

  it('says what to look at', async () => {
    expect((await failureOf({ ...errorBody({ message: 'Who?' }), status: 401 })).message).toMatch(/: check `apiKey`$/);
    expect((await failureOf({ ...errorBody({ message: 'What?' }), status: 404 })).message).toMatch(
      /`model` and `baseURL`$/,
    );
  });
});

describe('an answer that breaks off', () => {
  it.each<[string, ChatReply, boolean, RegExp]>([
    ['ends without a finish', { chunks: begun, done: false }, true, /broke off after 2 pieces/],
    ['says that it is done without a finish', { chunks: begun }, true, /broke off/],
    ['says nothing at all', { chunks: [] }, true, /broke off after 0 pieces/],
    [
      'loses its connection',
      { chunks: begun, done: false, ending: 'break' },
      true,
      /received (none|a part): other side closed/,
    ],
    ['is compressed and cut', { chunks: chatAnswer(Array(200).fill(' word')), gzip: 'cut' }, true, /Expected/],
    [
      'is no JSON',
      { chunks: [...begun, 'data: {"choices": [\n\n'] },
      true,
      /chunks of JSON, received another text: \{"choices": \[/,
    ],
    [
      'is a page',
      { headers: { 'content-type': 'text/html' }, body: '<h1>Welcome</h1>' },
      false,
      /`baseURL`.* HTML: <h1>Welcome/,
    ],
    ['is an error as JSON', errorBody({ message: 'overloaded', type: 'overloaded_error' }), true, /error: overloaded$/],
    ['is half a text of JSON', { headers: json, body: '{"choices": [' }, true, /chunks of JSON/],
    [
      'is withheld',
      { chunks: [...begun, chatChunk({}, 'content_filter')] },
      false,
      /the server withholds: content_filter/,
    ],
    [
      'is refused',
      { chunks: [chatChunk({ refusal: 'I can' }), chatChunk({ refusal: 'not.' }, 'stop')] },
      false,
      /refusal: I cannot\.$/,
    ],
    ['lacks resources', { chunks: [...begun, chatChunk({}, 'insufficient_system_resource')] }, true, /insufficient/],
    ['is aborted', { chunks: [...begun, chatChunk({}, 'abort')] }, true, /broke off: abort/],
  ])('%s', async (_, reply, retryable, message) => {
    const error = await failureOf(reply);
    expect(error).toMatchObject({ name: 'BackendError', retryable });
    expect(error.message).toMatch(message);
  });

  it.each<[unknown, boolean, number | undefined]>([
    [{ message: 'overloaded', type: 'server_error', code: null }, true, undefined],
    [{ message: 'slow down', code: 429 }, true, 429],
    [{ message: 'upstream', code: '502' }, true, 502],
    [{ message: 'too long', type: 'invalid_request_error', code: 'context_length_exceeded' }, false, undefined],
    [{ message: 'no such tool', type: 'invalid_request_error' }, false, undefined],
    [{ message: 'bad', code: 400 }, false, 400],
    ['out of memory', true, undefined],
    [{ detail: 'odd' }, true, undefined],
  ])('with the error %j in it', async (error, retryable, status) => {
    const failure = await failureOf({ chunks: [...begun, { error }] });
    expect(failure).toMatchObject({ retryable });
    expect(failure.status).toBe(status);
    expect(failure.message).toContain(typeof error === 'string' ? error : Object.values(error as object)[0]);
  });

  it.each([
    'event: error\ndata: {"message":"burnt down","code":503}\n\n',
    'event: error\ndata: {"error":{"message":"burnt down","code":503}}\n\n',
    'event: error\ndata: burnt down\n\n',
    'data: {"choices":[{"index":0,"delta":{},"finish_reason":"error","error":{"message":"burnt down"}}]}\n\n',
  ])('with %j in it', async (event) => {
    const error = await failureOf({ chunks: [...begun, event] });
    expect(error).toMatchObject({ retryable: true, message: expect.stringContaining('received an error: burnt down') });
  });

  it('tells that a part of it came', async () => {
    let leave = () => {};
    const read = new Promise<void>((resolve) => {
      leave = resolve;
    });
    async function* chunks() {
      yield* begun;
      await read;
    }
    server.reply = () => ({ chunks: chunks(), done: false, ending: 'break' });
    const answer = openai({ model: 'm', baseURL: server.url })
      .infer(request)
      .pipe(tap(() => leave()));
    await expect(lastValueFrom(answer)).rejects.toThrow(/received a part: /);
  });

  it('is whole all the same where only its usage is lost', async () => {
    server.reply = () => ({ chunks: [...begun, chatChunk({}, 'stop'), 'data: {"usage\n\n'] });
    expect(await lastValueFrom(of('x').pipe(inferText(openai({ model: 'm', baseURL: server.url }))))).toBe('Hello');
  });
});

describe('a server that cannot be reached', () => {
  it('has no name', async () => {
    const error = await failureOf({}, { baseURL: 'http://nowhere.invalid/v1' });
    expect(error).toMatchObject({
      retryable: true,
      message: expect.stringMatching(/received none: .*nowhere\.invalid/),
    });
    expect(error.status).toBeUndefined();
  });

  it('does not begin in time', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const error = await failureOf({}, { baseURL: `http://127.0.0.1:${port}/v1`, timeout: 50 });
    expect(error).toMatchObject({
      retryable: true,
      message: expect.stringMatching(/received none: Request timed out/),
    });
    silent.close();
  });

  it('speaks no TLS', async () => {
    const error = await failureOf({}, { baseURL: server.url.replace('http', 'https') });
    expect(error.retryable).toBe(false);
  });
});

describe('a key', () => {
  const everything = (error: unknown): string => inspect(error, { depth: 20, showHidden: true });

  it.each<[string, ChatReply]>([
    [
      'a status',
      {
        ...errorBody({ message: `Incorrect key: ${apiKey}. Header: Bearer ${apiKey}` }),
        status: 401,
        headers: { ...json, 'x-key': apiKey },
      },
    ],
    ['a page', { status: 500, body: `<p>${apiKey}</p>` }],
    ['an answer', { chunks: [{ error: { message: `No: ${apiKey}` } }] }],
    ['a text that is no JSON', { chunks: [`data: ${apiKey}\n\n`] }],
  ])('that %s repeats is not in the error', async (_, reply) => {
    vi.stubEnv('OPENAI_LOG', 'debug');
    const log = (['log', 'info', 'warn', 'error', 'debug'] as const).map((level) => vi.spyOn(console, level));
    const error = await failureOf(reply);
    expect(server.last.headers.authorization).toBe(`Bearer ${apiKey}`);
    expect(everything(error)).not.toContain(apiKey);
    expect(error.message).toContain('***');
    for (const spy of log) {
      expect(spy).not.toHaveBeenCalled();
      spy.mockRestore();
    }
    vi.unstubAllEnvs();
  });

  it('is not shown in part where the words of the server are cut', async () => {
    const { message } = await failureOf({ ...errorBody({ message: `${'x'.repeat(290)} ${apiKey}` }), status: 400 });
    expect(message).not.toContain(apiKey.slice(0, 6));
  });

  it('that a function gives, or that a header carries, is not in the error', async () => {
    const given = await failureOf({ ...errorBody({ message: apiKey }), status: 401 }, { apiKey: async () => apiKey });
    expect(everything(given)).not.toContain(apiKey);
    const carried = await failureOf(
      { ...errorBody({ message: apiKey }), status: 401 },
      { apiKey: undefined, headers: { 'X-Key': apiKey } },
    );
    expect(server.last.headers['x-key']).toBe(apiKey);
    expect(everything(carried)).not.toContain(apiKey);
  });

  it('that a client of yours asks for anew each time is not in the error', async () => {
    const client = new OpenAI({ apiKey: async () => apiKey, baseURL: server.url });
    const options = { client, apiKey: undefined, baseURL: undefined };
    const error = await failureOf({ ...errorBody({ message: apiKey }), status: 401 }, options);
    expect(server.last.headers.authorization).toBe(`Bearer ${apiKey}`);
    expect(everything(error)).not.toContain(apiKey);
  });

  it('that only looks like one is hidden too', async () => {
    const { message } = await failureOf({ ...errorBody({ message: 'Wrong: sk-proj-AbC123456789' }), status: 401 });
    expect(message).not.toContain('AbC123456789');
  });

  it('of the environment goes to OpenAI alone', async () => {
    vi.stubEnv('OPENAI_API_KEY', apiKey);
    vi.stubEnv('OPENAI_ORG_ID', 'org-of-mine');
    server.reply = () => ({ chunks: chatAnswer(['Hi']) });
    await lastValueFrom(openai({ model: 'm', baseURL: server.url }).infer(request));
    expect(server.last.headers.authorization).toBeUndefined();
    expect(server.last.headers['openai-organization']).toBeUndefined();
    vi.stubEnv('OPENAI_BASE_URL', server.url);
    await lastValueFrom(openai({ model: 'm' }).infer(request));
    expect(server.last.headers.authorization).toBe(`Bearer ${apiKey}`);
    vi.unstubAllEnvs();
  });

  it('that OpenAI needs is asked for', async () => {
    vi.stubEnv('OPENAI_API_KEY', '');
    const error = await failureOf({}, { baseURL: undefined, apiKey: undefined });
    expect(error).toMatchObject({
      retryable: false,
      message: 'Expected an API key for api.openai.com, found none: pass `apiKey`, or set OPENAI_API_KEY',
    });
    vi.unstubAllEnvs();
  });
});
