import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ScriptedBackend, scripted } from 'millrace/testing';
import { interval, map } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { makeServer } from '../../examples/server.ts';

const serving = async (model: ScriptedBackend, visit: (url: string) => Promise<void>) => {
  const server = makeServer(model).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await visit(`http://127.0.0.1:${(server.address() as AddressInfo).port}/?q=hello`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
};

describe('the server of the README', () => {
  it('streams the answer', () =>
    serving(scripted('one two three'), async (url) => {
      const response = await fetch(url);
      expect(await response.text()).toBe('one two three');
    }));

  it('stops the model when the client leaves', async () => {
    const endless = scripted(() => interval(5).pipe(map((n) => `${n} `)));
    await serving(endless, async (url) => {
      const left = new AbortController();
      const response = await fetch(url, { signal: left.signal });
      await response.body?.getReader().read();
      left.abort();
      await expect.poll(() => endless.readings[0]?.unsubscribed).toBe(true);
    });
  });
});
