import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from '@huggingface/transformers';
import type { DownloadProgress } from 'millrace';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FindOptions, findModel } from '../../../src/backends/onnx/find-model.ts';
import { DownloadError } from '../../../src/backends/onnx/hub/download-error.ts';
import { countingGraph } from '../../support/counting-graph.ts';
import { hubFiles } from '../../support/hub-files.ts';
import { LocalHub } from '../../support/local-hub.ts';
import { modelFolder } from '../../support/models.ts';

/** The pauses before another attempt, which nobody waits for here. */
const pauses = vi.hoisted((): number[] => []);
vi.mock('node:timers/promises', () => ({ setTimeout: async (pause: number) => pauses.push(pause) }));

const temporary = mkdtempSync(join(tmpdir(), 'millrace-hub-'));
const room = 2 ** 20;
const files = hubFiles(room);
const weights = 'onnx/model_q4.onnx_data';
const usual = env.remoteHost;
let places = 0;
let place = '';
let hub: LocalHub;

beforeEach(async () => {
  place = join(temporary, String(places++));
  mkdirSync(place);
  hub = await LocalHub.open({ ...files });
  env.remoteHost = hub.url;
  pauses.length = 0;
});
afterEach(async () => {
  env.remoteHost = usual;
  vi.unstubAllEnvs();
  await hub.close();
});
afterAll(() => rmSync(temporary, { recursive: true }));

const cache = () => join(place, 'cache');
const here = (model = 'owner/name') => join(cache(), model);

type Watch = { readonly signal?: AbortSignal; readonly onProgress?: (progress: DownloadProgress) => void };

const find = (model: string | undefined, options: FindOptions = {}, watch: Watch = {}) =>
  findModel(
    model,
    { cacheDir: cache(), ...options },
    { signal: new AbortController().signal, onProgress: () => undefined, ...watch },
  );
const download = (model = 'owner/name', options: FindOptions = {}, watch: Watch = {}) =>
  find(model, { allowDownload: true, ...options }, watch);

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();

/** That a model lies there as the hub has it, and nothing beside it. */
const expectWhole = (folder = here()) => {
  expect(filesIn(folder)).toEqual(Object.keys(files).sort());
  for (const [name, content] of Object.entries(files)) {
    expect(readFileSync(join(folder, name)).equals(content), name).toBe(true);
  }
};

const inFolder = (folder: string) => {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
};

/** Misbehaves at the first request for the content of a file, or the first few. */
const once = (path: string, mischief: ReturnType<LocalHub['mischief']>, times = 1): LocalHub['mischief'] => {
  let left = times;
  return (request) => (request.path === path && !request.looks && left-- > 0 ? mischief : undefined);
};

describe('findModel', () => {
  it('takes the embedded model where none is named, and by its name', async () => {
    const { folder } = await find(undefined);
    expect(filesIn(folder)).toContain('config.json');
    expect(await find('smollm2-135m-instruct')).toEqual({ folder });
    expect(await find('smollm2-135m')).toEqual({ folder });
  });

  it('takes the folder of a path', async () => {
    const folder = modelFolder('tiny-llama');
    expect(await find(folder)).toEqual({ folder });
    expect(await find(folder, { dtype: 'fp32' })).toEqual({ folder, dtype: 'fp32' });
  });

  it('takes a folder of the name in `modelsDir` before anything else', async () => {
    inFolder(here());
    const own = inFolder(join(place, 'models', 'owner', 'name'));
    const alias = inFolder(join(place, 'models', 'gemma3-1b'));
    const modelsDir = join(place, 'models');
    expect(await find('owner/name', { modelsDir })).toEqual({ folder: own });
    expect(await find('gemma3-1b', { modelsDir })).toEqual({ folder: alias });
    vi.stubEnv('MILLRACE_MODELS', modelsDir);
    expect(await find('owner/name')).toEqual({ folder: own });
  });

  it('takes what @huggingface/transformers keeps, in its own layout', async () => {
    expect(await find('owner/name', { cacheDir: inCache('owner/name') })).toEqual({ folder: here(), dtype: 'q4' });
    const id = 'HuggingFaceTB/SmolLM2-1.7B-Instruct';
    expect(await find('smollm2-1.7b', { cacheDir: inCache(id) })).toEqual({ folder: here(id), dtype: 'q4' });
    inCache('owner/name/v2');
    expect(await find('owner/name', { revision: 'v2' })).toEqual({ folder: here('owner/name/v2'), dtype: 'q4' });
    const usual = env.cacheDir;
    env.cacheDir = cache();
    expect(await find('owner/name', { cacheDir: undefined as never })).toEqual({ folder: here(), dtype: 'q4' });
    env.cacheDir = usual;
    expect(hub.requests).toEqual([]);
  });

  const inCache = (id: string) => {
    inFolder(here(id));
    return cache();
  };

  it('says where it looked, and what to run', async () => {
    vi.stubEnv('MILLRACE_MODELS', join(place, 'models'));
    const { message } = await find('gemma3-1b').catch((error) => error);
    const id = 'onnx-community/gemma-3-1b-it-ONNX-GQA';
    expect(message).toBe(
      `Expected the model gemma3-1b (${id}) on this machine, looked at ${[
        join(process.cwd(), 'gemma3-1b'),
        join(place, 'models', 'gemma3-1b'),
        join(place, 'models', id),
        here(id),
      ].join(
        ', ',
      )} and found no whole one (${here(id)} has no config.json): run \`npx millrace models pull gemma3-1b\`, or set \`allowDownload\``,
    );
    expect(hub.requests).toEqual([]);
  });

  it('refuses a name that it does not know', async () => {
    await expect(find('gpt-5')).rejects.toThrow(
      /^Expected the folder of a model, an id of the hub such as owner\/name, or one of smollm2-135m, .*, received "gpt-5", looked at .*gpt-5 and found nothing$/,
    );
  });

  it.each(Object.keys(files).filter((name) => name !== 'generation_config.json'))(
    'never takes a folder of the cache without %s',
    async (name) => {
      inFolder(here());
      rmSync(join(here(), name));
      await expect(find('owner/name')).rejects.toThrow(name.split('/').at(-1));
      await download();
      expectWhole();
    },
  );
});

describe('a download', () => {
  it('fetches the files of one form, and no other', async () => {
    Object.assign(hub.files, hubFiles(0, 'model'), { 'README.md': Buffer.from('#') });
    hub.files['config.json'] = files['config.json'] as Buffer;
    expect(await download()).toEqual({ folder: here(), dtype: 'q4' });
    expectWhole();
    expect([...hub.fetched].sort()).toEqual(Object.keys(files).sort());
  });

  it('takes the form that is asked for, or that config.json names', async () => {
    const more = hubFiles(0, 'model_fp16');
    hub.files = { ...more, ...files, 'config.json': more['config.json'] as Buffer };
    expect(await download('owner/name', { dtype: 'fp16' })).toMatchObject({ dtype: 'fp16' });
    expect(hub.fetched).not.toContain('onnx/model_q4.onnx');
    const config = JSON.parse(String(more['config.json']));
    config['transformers.js_config'].dtype = 'fp16';
    hub.files['config.json'] = Buffer.from(JSON.stringify(config));
    expect(await download('owner/other')).toMatchObject({ dtype: 'fp16' });
  });

  it('fetches the weights that only the graph itself names', async () => {
    hub.files['config.json'] = Buffer.from('{"model_type":"llama"}');
    await download();
    expect(filesIn(join(here(), 'onnx'))).toEqual(['model_q4.onnx', 'model_q4.onnx_data', 'model_q4.onnx_data_1']);
  });

  it('asks for the revision that is named', async () => {
    expect(await download('owner/name', { revision: 'refs/pr/1' })).toEqual({
      folder: here('owner/name/refs/pr/1'),
      dtype: 'q4',
    });
    expect(new Set(hub.requests.map(({ revision }) => revision))).toEqual(new Set(['refs/pr/1']));
  });

  it('tells how far it is: bytes, their total and how fast they come', async () => {
    const told: DownloadProgress[] = [];
    await download('owner/name', {}, { onProgress: (progress) => told.push(progress) });
    const total = Object.values(files).reduce((sum, { length }) => sum + length, 0);
    expect(told.at(-1)).toMatchObject({ model: 'owner/name', loaded: total, total });
    expect(told.at(-1)?.speed).toBeGreaterThan(0);
    expect(told.map(({ loaded }) => loaded)).toEqual(told.map(({ loaded }) => loaded).sort((a, b) => a - b));
  });

  it('makes no connection once everything is here', async () => {
    await download();
    hub.requests.length = 0;
    const fetch = vi.spyOn(env, 'fetch');
    expect(await download()).toEqual(await find('owner/name'));
    expect(hub.requests).toEqual([]);
    expect(fetch).not.toHaveBeenCalled();
    fetch.mockRestore();
  });

  it('goes on where the connection broke', async () => {
    hub.mischief = once(weights, { cut: room / 2 });
    await download();
    expectWhole();
    const [first, second, ...more] = hub.fetched.filter((path) => path.startsWith(`${weights} `) || path === weights);
    expect([first, ...more]).toEqual([weights]);
    expect(Number(second?.split('@')[1])).toBeGreaterThan(0);
  });

  it.each([
    ['takes no notice of ranges', { whole: true }],
    ['names no versions', { unnamed: true }],
  ])('begins again where the connection broke and the server %s', async (_, manner) => {
    const cutting = once(weights, { ...manner, cut: room / 2 });
    hub.mischief = (request) => cutting(request) ?? manner;
    await download();
    expectWhole();
  });

  it('tries again where the server fails for a while', async () => {
    hub.mischief = once(weights, { status: 500 });
    await download();
    expectWhole();
  });

  it('gives up where the connection breaks without end, and the next one goes on from there', async () => {
    const cutting = once(weights, { cut: room / 2 });
    hub.mischief = (request) =>
      cutting(request) ?? (request.path === weights && !request.looks ? { cut: 0 } : undefined);
    const error = await download().catch((error) => error);
    expect(error).toBeInstanceOf(DownloadError);
    expect(error.message).toMatch(
      /^Expected onnx\/model_q4.onnx_data of owner\/name from http.*, (the connection broke|found no connection) \(.+\): ask again later$/,
    );
    expect(pauses.slice(-5)).toEqual([0, 500, 1000, 2000, 4000]);
    await expect(find('owner/name')).rejects.toThrow('found no whole one');
    hub.mischief = () => undefined;
    hub.requests.length = 0;
    await download();
    expectWhole();
    expect(hub.fetched.find((path) => path.startsWith(`${weights} @`))).toBeDefined();
  });

  it.each(['config.json', 'tokenizer.json', weights])('says that the hub has no %s', async (name) => {
    delete hub.files[name];
    await expect(download()).rejects.toThrow(
      `Expected owner/name (revision main) to be a model in the ONNX format, found no ${name} at ${hub.url}owner/name/resolve/main/${name}: see that its name and revision are right`,
    );
    await expect(find('owner/name')).rejects.toThrow('found no whole one');
  });

  it('says what a closed model needs', async () => {
    hub.mischief = () => ({ status: 401 });
    await expect(download()).rejects.toThrow(
      /to be open to everyone, .* answered 401: .* an access token in HF_TOKEN$/,
    );
    expect(hub.requests).toHaveLength(1);
  });

  it('sends a token to nobody but the hub itself', async () => {
    vi.stubEnv('HF_TOKEN', 'secret');
    await download();
    expect(hub.requests.filter(({ headers }) => headers.authorization)).toEqual([]);
  });

  it.each([
    ['shorter', (files[weights] as Buffer).subarray(1)],
    ['longer', Buffer.concat([files[weights] as Buffer, Buffer.of(0)])],
  ])('takes no file that is %s than it should be', async (_, send) => {
    hub.mischief = ({ path, looks }) => (path === weights && !looks ? { send, whole: true } : undefined);
    const { message, name } = await download().catch((error) => error);
    expect(name).toBe('DownloadError');
    expect(message).toBe(
      `Expected ${weights} of owner/name to have ${files[weights]?.length} bytes, received ${send.length}: ask again`,
    );
    expect(filesIn(here()).filter((path) => !path.endsWith('.part'))).toEqual([]);
    await expect(download()).rejects.toThrow(message);
  });

  it('takes nothing that is not of the file', async () => {
    hub.mischief = once(weights, { send: Buffer.from('<form>'), unnamed: true });
    await download();
    expectWhole();
  });

  it('takes no file that changes while it comes', async () => {
    const cutting = once(weights, { cut: room / 2 });
    hub.mischief = (request) => {
      const mischief = cutting(request);
      if (mischief) queueMicrotask(() => (hub.files[weights] = Buffer.from(files[weights] as Buffer).fill(1)));
      return mischief;
    };
    await expect(download()).rejects.toThrow(
      `Expected ${weights} of owner/name to stay as it is, received something else`,
    );
    hub.files[weights] = files[weights] as Buffer;
    await download();
    expectWhole();
  });

  it.each(['../../../secret', '/etc/passwd', '.hidden'])(
    'fetches nothing that lies elsewhere, such as %s',
    async (name) => {
      hub.files['config.json'] = Buffer.from('{"model_type":"llama"}');
      hub.files['onnx/model_q4.onnx'] = Buffer.from(countingGraph({ data: [name] }));
      await expect(download()).rejects.toThrow(
        `to keep its weights beside its .onnx file, found ${JSON.stringify(name)}`,
      );
    },
  );

  it('refuses at once what there is no room for', async () => {
    const looking = hub.mischief;
    hub.mischief = (request) =>
      looking(request) ?? (request.path === weights && request.looks ? { length: 1e18 } : undefined);
    await expect(download()).rejects.toThrow(
      /^Expected room for 1000000000\d+ more bytes of owner\/name in .*, found \d+/,
    );
    expect(hub.fetched).toEqual(['config.json']);
  });

  it('stops at once when its reader leaves, and goes on later', async () => {
    const leaving = new AbortController();
    let gone: Promise<void> | undefined;
    const stalled = new Promise<void>((silent) => {
      gone = new Promise((left) => {
        hub.mischief = once(weights, { stall: { after: room / 2, silent, gone: left } });
      });
    });
    const left = download('owner/name', {}, { signal: leaving.signal }).catch((error) => error);
    await stalled;
    const start = performance.now();
    leaving.abort();
    expect((await left).name).toBe('AbortError');
    await gone;
    // Long before a silent connection is given up.
    expect(performance.now() - start).toBeLessThan(10_000);
    await expect(find('owner/name')).rejects.toThrow('found no whole one');
    await download();
    expectWhole();
    expect(hub.fetched.filter((path) => path === 'tokenizer.json')).toHaveLength(1);
  });

  it('happens once for all who ask at the same time, until the last of them leaves', async () => {
    const leaving = new AbortController();
    const told: DownloadProgress[] = [];
    const waiting = [
      download('owner/name', {}, { signal: leaving.signal, onProgress: () => leaving.abort() }).catch(
        (error) => error.name,
      ),
      download('owner/name', {}, { onProgress: (progress) => told.push(progress) }),
      download(),
    ];
    const found = { folder: here(), dtype: 'q4' };
    expect(await Promise.all(waiting)).toEqual(['AbortError', found, found]);
    expect(new Set(hub.fetched).size).toBe(hub.fetched.length);
    expect(told.length).toBeGreaterThan(0);
  });

  it('fetches nothing where @huggingface/transformers may not', async () => {
    env.allowRemoteModels = false;
    await expect(download()).rejects.toThrow('found no whole one');
    env.allowRemoteModels = true;
    expect(hub.requests).toEqual([]);
  });

  it('comes from `HF_ENDPOINT` where no other host is set', async () => {
    env.remoteHost = usual;
    vi.stubEnv('HF_ENDPOINT', hub.url);
    await download();
    expectWhole();
  });
});
