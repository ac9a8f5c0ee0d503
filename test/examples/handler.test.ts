import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { scripted } from 'millrace/testing';
import { NEVER, startWith } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { makeHandler } from '../../examples/handler.ts';

const asked = (path: string, signal?: AbortSignal) => new Request(`http://localhost${path}`, signal ? { signal } : {});

describe('the handler that the README gives to Hono and Next', () => {
  it('answers with the events of the model', async () => {
    const model = scripted('Hello there');
    const response = makeHandler(model)(asked('/ask?q=Hi'));
    expect(response.headers.get('content-type')).toMatch('text/event-stream');
    const text = await response.text();
    expect(text).toMatch(/event: token\ndata: .*"Hello"/);
    expect(text).toMatch(/event: finish\n/);
    expect(model.requests[0]?.messages).toEqual([{ role: 'user', content: 'Hi' }]);
  });

  it('lets four be answered, 20 wait, and tells the next', async () => {
    const model = scripted(() => NEVER.pipe(startWith('a')));
    const handler = makeHandler(model);
    const bodies = Array.from({ length: 25 }, () => handler(asked('/ask?q=Hi')).body?.getReader());
    const firsts = bodies.map((body) => body?.read());
    const last = new TextDecoder().decode((await firsts[24])?.value);
    expect(last).toMatch(/event: error\ndata: .*"admission"/);
    expect(model.requests).toHaveLength(4);
    await Promise.all(bodies.map((body) => body?.cancel()));
    expect(model.readings.every(({ unsubscribed }) => unsubscribed)).toBe(true);
  });

  it('stops the model when the request is aborted', async () => {
    const model = scripted(() => NEVER.pipe(startWith('a')));
    const leaving = new AbortController();
    const body = makeHandler(model)(asked('/ask?q=Hi', leaving.signal)).body?.getReader();
    await body?.read();
    leaving.abort();
    await expect(body?.read()).rejects.toThrow();
    expect(model.readings[0]?.unsubscribed).toBe(true);
  });

  it('answers over a socket', async () => {
    const handler = makeHandler(scripted('Over a socket'));
    const server = createServer(async (incoming, outgoing) => {
      const response = handler(asked(incoming.url ?? '/'));
      outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      await pipeline(Readable.fromWeb(response.body as never), outgoing);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const text = await (await fetch(`http://127.0.0.1:${port}/ask?q=Hi`)).text();
    expect(text.endsWith('event: end\ndata: null\n\n')).toBe(true);
    await new Promise((resolve) => server.close(resolve));
  });
});
