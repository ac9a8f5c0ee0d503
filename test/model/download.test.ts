import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from '@huggingface/transformers';
import { infer, type RunEvent, run, step } from 'millrace';
import { onnx } from 'millrace/onnx';
import { filter, firstValueFrom, lastValueFrom, of } from 'rxjs';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hubFiles } from '../support/hub-files.ts';
import { LocalHub } from '../support/local-hub.ts';
import { runProgram } from '../support/program.ts';

const room = 2 ** 22;
const files = hubFiles(room);
const weights = 'onnx/model_q4.onnx_data';
const usual = env.remoteHost;
const temporary = mkdtempSync(join(tmpdir(), 'millrace-download-'));
let hub: LocalHub;
let cacheDir = '';
let places = 0;

beforeEach(async () => {
  hub = await LocalHub.open({ ...files });
  env.remoteHost = hub.url;
  cacheDir = join(temporary, String(places++));
});
afterEach(async () => {
  env.remoteHost = usual;
  await hub.close();
});
afterAll(() => rmSync(temporary, { recursive: true }));

const hash = (bytes: Buffer) => createHash('sha1').update(bytes).digest('hex');
const expectWhole = () => {
  for (const [name, content] of Object.entries(files)) {
    expect(hash(readFileSync(join(cacheDir, 'owner/name', name))), name).toBe(hash(content));
  }
  const names = readdirSync(cacheDir, { recursive: true, encoding: 'utf8' });
  expect(names.filter((name) => name.endsWith('.part'))).toEqual([]);
};

/** A program that asks the model, and says what became of it and to where it connected. */
const program = (options: object, onEvent = '') => `
  import { Socket } from 'node:net';
  const places = new Set();
  const connect = Socket.prototype.connect;
  Socket.prototype.connect = function (...given) {
    places.add(given.flat()[0].host ?? given.flat()[0].path);
    return connect.apply(this, given);
  };
  const { env } = await import('@huggingface/transformers');
  env.remoteHost = ${JSON.stringify(hub.url)};
  const { infer, run } = await import('millrace');
  const { onnx } = await import('millrace/onnx');
  const running = run(infer(onnx('owner/name', ${JSON.stringify({ cacheDir, ...options })}), { maxTokens: 2 }), 'x');
  running.events.subscribe((event) => { ${onEvent} });
  const end = (error) => console.log(JSON.stringify({ error: error?.message, places: [...places] }));
  running.subscribe({ error: end, complete: end });
`;
const outcome = (output: string) => JSON.parse(output.trim().split('\n').at(-1) ?? '');

describe('onnx with a model of the hub', () => {
  it('downloads it at the first request, tells the run how far it is, and answers', async () => {
    const model = onnx('owner/name', { cacheDir, allowDownload: true });
    expect(hub.requests).toEqual([]);
    const events: RunEvent[] = [];
    const running = run(step('ask', infer(model, { maxTokens: 3 })), 'x');
    running.events.subscribe((event) => events.push(event));
    const finish = await lastValueFrom(running);
    expect(finish).toMatchObject({ type: 'finish', served: { model: 'name', executionProvider: 'cpu' } });
    expect(finish).not.toHaveProperty('served.passedOver');
    const downloads = events.filter((event) => event.type === 'download');
    const total = Object.values(files).reduce((sum, { length }) => sum + length, 0);
    expect(downloads.at(-1)).toMatchObject({ kind: 'model', path: ['ask'], model: 'owner/name', loaded: total, total });
    expect(events.findIndex(({ type }) => type === 'token')).toBeGreaterThan(
      events.lastIndexOf(downloads.at(-1) as RunEvent),
    );
    expectWhole();
  });

  it('is cancelled at once by a reader who leaves', async () => {
    let gone: Promise<void> | undefined;
    const stalled = new Promise<void>((silent) => {
      gone = new Promise((left) => {
        const stall = { after: room / 2, silent, gone: left };
        hub.mischief = ({ path, looks }) => (path === weights && !looks ? { stall } : undefined);
      });
    });
    const reading = of('x')
      .pipe(infer(onnx('owner/name', { cacheDir, allowDownload: true })))
      .subscribe();
    await stalled;
    const start = performance.now();
    reading.unsubscribe();
    await gone;
    // Long before a silent connection is given up.
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(existsSync(join(cacheDir, 'owner/name/onnx/model_q4.onnx'))).toBe(false);
  });

  it('fails with an error that a retry may mend where the hub is out of order', async () => {
    hub.mischief = ({ looks }) => (looks ? undefined : { send: Buffer.alloc(2 ** 20), whole: true });
    const asking = of('x').pipe(infer(onnx('owner/name', { cacheDir, allowDownload: true })));
    await expect(lastValueFrom(asking)).rejects.toMatchObject({ name: 'BackendError', retryable: true });
  });

  it('says what to do where it is not here, and connects to nothing', async () => {
    const { output, code } = await runProgram(program({}));
    const { error, places } = outcome(output);
    expect(error).toMatch(
      /^Expected the model owner\/name on this machine, .* run `npx millrace models pull owner\/name`, or set/,
    );
    expect({ places, code }).toEqual({ places: [], code: 0 });
    expect(hub.requests).toEqual([]);
  });

  it('connects to nothing but the hub, and to nothing at all once it is here', async () => {
    const first = await runProgram(program({ allowDownload: true }));
    expect(outcome(first.output)).toEqual({ places: ['127.0.0.1'] });
    const second = await runProgram(program({ allowDownload: true }));
    expect(outcome(second.output)).toEqual({ places: [] });
    expect([first.code, second.code]).toEqual([0, 0]);
  });

  it('never uses what a killed process has left, and goes on from there', async () => {
    const stalling = { stall: { after: room / 2 } };
    hub.mischief = ({ path, looks }) => (path === weights && !looks ? stalling : undefined);
    const half = `if (event.type === 'download' && event.loaded > ${room / 4}) process.kill(process.pid, 'SIGKILL');`;
    const killed = await runProgram(program({ allowDownload: true }, half));
    expect(killed.signal).toBe('SIGKILL');
    const ask = (allowDownload: boolean) =>
      firstValueFrom(
        of('x').pipe(
          infer(onnx('owner/name', { cacheDir, allowDownload }), { maxTokens: 1 }),
          filter(({ type }) => type === 'finish'),
        ),
      );
    await expect(ask(false)).rejects.toThrow('found no whole one');
    hub.mischief = () => undefined;
    hub.requests.length = 0;
    await ask(true);
    expectWhole();
    expect(hub.fetched.find((path) => path.startsWith(`${weights} @`))).toBeDefined();
    expect(hub.fetched).not.toContain('tokenizer.json');
  });

  it('is whole where two processes download it at once', async () => {
    const both = [1, 2].map(() => runProgram(program({ allowDownload: true })));
    for (const { output, code } of await Promise.all(both)) {
      expect(outcome(output)).toEqual({ places: ['127.0.0.1'] });
      expect(code).toBe(0);
    }
    expectWhole();
  });
});
