import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { infer, type ResponseOptions, toResponse } from 'millrace';
import { scripted } from 'millrace/testing';
import { concat, EMPTY, map, NEVER, type Observable, of, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type Counted, counted, turn } from '../support/counted.ts';
import { allSent } from '../support/event-source.ts';
import { serving } from '../support/serving.ts';

const megabyte = 1 << 20;
const page = 'x'.repeat(megabyte / 16);
const pages = ({ numbers }: Counted) => numbers.pipe(map(() => page));
const stopped = (source: Counted) => expect.poll(() => source.made > 0 && !source.running).toBe(true);

/** A server as one writes it with Node alone. */
const nodeServer = (source: Observable<unknown>, options: ResponseOptions = {}, onEnd = (_?: unknown) => {}): Server =>
  createServer(async (_, response) => {
    const { status, headers, body } = toResponse(source, options);
    response.writeHead(status, Object.fromEntries(headers));
    await pipeline(Readable.fromWeb(body as ReadableStream), response).then(() => onEnd(), onEnd);
  });

const visit = async (url: string): Promise<IncomingMessage> => {
  const response = await new Promise<IncomingMessage>((resolve) => get(url, resolve));
  return response.on('error', () => undefined).pause();
};

describe('toResponse', () => {
  it('answers with events that neither caches nor proxies are to gather', async () => {
    const response = toResponse(of('a'));
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toEqual({
      'cache-control': 'no-cache, no-transform',
      'content-type': 'text/event-stream; charset=utf-8',
      'x-accel-buffering': 'no',
    });
    expect(await response.text()).toBe('data: "a"\n\nevent: end\ndata: null\n\n');
  });

  it('lets its caller choose status and headers', () => {
    const headers: [string, string][] = [
      ['cache-control', 'private'],
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ];
    const response = toResponse(EMPTY, { status: 202, headers });
    expect(response.status).toBe(202);
    expect(response.headers.get('cache-control')).toBe('private');
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  });

  it('does nothing before its body is read', async () => {
    const model = scripted('one two');
    const response = toResponse(of('?').pipe(infer(model)));
    await turn();
    expect(model.requests).toHaveLength(0);
    await response.text();
    expect(model.requests).toHaveLength(1);
  });

  it.each([
    [
      () => toResponse(EMPTY, { header: {} } as never),
      /Expected the options of toResponse to be .*, received `header`/,
    ],
    [() => toResponse(EMPTY, { status: 99 }), /status/],
    [() => toResponse(EMPTY, { headers: { 'a b': 'c' } }), /^Expected `headers` to be what Headers takes, .*a b/],
    [() => toResponse(undefined as never), /Expected the source of toResponse to be an observable, received undefined/],
  ])('refuses misuse when it is made %#', (make, message) => {
    expect(make).toThrow(message);
  });
});

describe('toResponse as a route handler', () => {
  const handler = (source: Observable<unknown>) => (request: Request) => toResponse(source, { signal: request.signal });

  it('keeps the pace of whoever reads the body', async () => {
    const source = counted();
    const response = handler(source.numbers)(new Request('http://localhost/'));
    const reader = (response.body as ReadableStream).getReader();
    for (let event = 0; event < 20; event++) await reader.read();
    await turn();
    expect(source.made).toBe(24);
    await reader.cancel();
    await turn();
    expect(source.running).toBe(false);
  });

  it('stops the model when the request is aborted, though nobody reads', async () => {
    const source = counted();
    const leaving = new AbortController();
    const response = handler(source.numbers)(new Request('http://localhost/', { signal: leaving.signal }));
    await (response.body as ReadableStream).getReader().read();
    leaving.abort();
    await turn();
    expect(source.running).toBe(false);
  });
});

describe('toResponse through the http server of Node', () => {
  it('brings a whole answer over', () =>
    serving(
      nodeServer(
        concat(
          counted(3).numbers,
          throwError(() => new Error('x')),
        ),
      ),
      async (url) => {
        const sent = await allSent((await fetch(url)).body as ReadableStream<Uint8Array>);
        expect(sent).toEqual([
          ['message', 1],
          ['message', 2],
          ['message', 3],
          ['error', { code: 'step', message: 'The answer failed on the server.' }],
        ]);
      },
    ));

  it('makes the model wait for a slow client, and goes on with it', async () => {
    const source = counted();
    await serving(nodeServer(pages(source)), async (url) => {
      const response = await visit(url);
      let received = 0;
      let ahead = 0;
      while (received < 24 * megabyte) {
        const chunk: Buffer | null = response.read();
        if (chunk === null) await once(response, 'readable');
        received += chunk?.length ?? 0;
        await turn();
        ahead = Math.max(ahead, source.made * page.length - received);
      }
      // What the sockets of both sides take, which is up to the system.
      expect(ahead).toBeLessThan(16 * megabyte);
      response.destroy();
      await stopped(source);
    });
  });

  it('stops the model when the client disconnects, be it writing, held or silent', async () => {
    for (const source of [counted(), counted(2)]) {
      const ended = { by: undefined as unknown };
      const endless = concat(pages(source), NEVER);
      await serving(
        nodeServer(endless, {}, (error) => (ended.by = error)),
        async (url) => {
          const response = await visit(url);
          response.destroy();
          await stopped(source);
          await expect.poll(() => ended.by).toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
        },
      );
    }
  });

  it('closes the connection of a client that stops reading for good', async () => {
    const source = counted();
    const ended = { by: undefined as unknown };
    const server = nodeServer(pages(source), { idleTimeout: 100 }, (error) => (ended.by = error));
    await serving(server, async (url) => {
      const response = await visit(url);
      await stopped(source);
      expect(source.made * page.length).toBeLessThan(16 * megabyte);
      await expect.poll(() => ended.by).toMatchObject({ code: 'reader' });
      response.resume();
      await expect.poll(() => response.errored).toMatchObject({ code: 'ECONNRESET' });
    });
  });
});
