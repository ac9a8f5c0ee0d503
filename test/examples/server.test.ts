import { get, type IncomingMessage } from 'node:http';
import { type ScriptedBackend, scripted } from 'millrace/testing';
import { interval, map, NEVER, startWith } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { makeServer } from '../../examples/server.ts';
import { counted } from '../support/counted.ts';
import { allSent } from '../support/event-source.ts';
import { serving } from '../support/serving.ts';

const left = (model: ScriptedBackend) => expect.poll(() => model.readings[0]?.unsubscribed).toBe(true);

describe('the server of the README', () => {
  it('streams the answer', () =>
    serving(makeServer(scripted('one two three')), async (url) => {
      const { body } = await fetch(url);
      const tokens = (await allSent(body as ReadableStream<Uint8Array>)).filter(([type]) => type === 'token');
      expect(tokens.map(([, event]) => (event as { text: string }).text).join('')).toBe('one two three');
    }));

  it.each([
    ['writes', () => interval(5).pipe(map((n) => `${n} `))],
    ['thinks', () => NEVER.pipe(startWith('well …'))],
  ])('stops the model when the client leaves while it %s', async (_, reply) => {
    const endless = scripted(reply);
    await serving(makeServer(endless), async (url) => {
      const leaving = new AbortController();
      const response = await fetch(url, { signal: leaving.signal });
      await response.body?.getReader().read();
      leaving.abort();
      await left(endless);
    });
  });

  it('stops the model, and closes the connection, when the client never reads again', async () => {
    const page = 'x'.repeat(1 << 16);
    const endless = scripted(() => counted().numbers.pipe(map(() => page)));
    await serving(makeServer(endless, 100), async (url) => {
      const response = await new Promise<IncomingMessage>((resolve) => get(url, resolve));
      response.pause();
      await left(endless);
      const closed = new Promise((resolve) => response.on('error', resolve));
      response.resume();
      expect(await closed).toMatchObject({ code: 'ECONNRESET' });
    });
  });
});
