import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from '@huggingface/transformers';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runModels } from '../../src/commands/run-models.ts';
import { hubFiles } from '../support/hub-files.ts';
import { LocalHub } from '../support/local-hub.ts';

const temporary = mkdtempSync(join(tmpdir(), 'millrace-commands-'));
const weights = 'onnx/model_q4.onnx_data';
const usual = env.remoteHost;
let places = 0;
let cacheDir = '';
let hub: LocalHub;

beforeEach(async () => {
  cacheDir = join(temporary, String(places++));
  hub = await LocalHub.open(hubFiles(2 ** 20));
  env.remoteHost = hub.url;
});
afterEach(async () => {
  env.remoteHost = usual;
  await hub.close();
});
afterAll(() => rmSync(temporary, { recursive: true }));

/** Runs the words of a command line, and gives what it printed. */
const models = async (line: string, { isTTY = false, signal = new AbortController().signal } = {}) => {
  let [out, complaints] = ['', ''];
  const output = { isTTY, columns: 80, write: (text: string) => (out += text) };
  const words = [...line.split(' ').filter((word) => word !== ''), '--cache-dir', cacheDir];
  const code = await runModels(words, { output, complain: (message) => (complaints += message), signal });
  return { code, out, complaints };
};
const gemma = 'onnx-community/gemma-3-1b-it-ONNX-GQA';

describe('millrace models', () => {
  it('lists the short names, and what is here of them', async () => {
    const { code, out } = await models('list');
    expect(code).toBe(0);
    const [titles, ...rows] = out.split('\n').map((line) => line.split(/ {2,}/));
    expect(titles).toEqual(['name', 'on the hub', 'form', 'licence', 'download', 'here']);
    expect(rows).toContainEqual(['gemma3-1b', gemma, 'q4', 'Gemma', 'about 880 MB']);
    expect(rows).toContainEqual(['phi-4-mini', 'onnx-community/Phi-4-mini-instruct-ONNX', 'q4', 'MIT']);
    expect(rows.find(([name]) => name === 'smollm2-135m')?.at(-1)).toBe('159 MB');
    expect(hub.requests).toEqual([]);
  });

  it('pulls a model, tells its licence, lists it, and removes it', async () => {
    const pulled = await models('pull gemma3-1b');
    expect(pulled).toMatchObject({ code: 0, complaints: '' });
    expect(pulled.out.split('\n')).toEqual([
      `Downloading gemma3-1b (${gemma}, licence: Gemma)`,
      `gemma3-1b is here: 1.2 MB in ${join(cacheDir, gemma)}`,
      '',
    ]);
    expect((await models('list')).out).toMatch(/gemma3-1b .* about 880 MB {2}1\.2 MB\n/);
    const again = await models('pull gemma3-1b');
    expect(again.out).toBe(`gemma3-1b is here already: 1.2 MB in ${join(cacheDir, gemma)}\n`);
    const removed = await models('remove gemma3-1b');
    expect(removed.out).toBe(`Removed gemma3-1b: 1.2 MB from ${join(cacheDir, gemma)}\n`);
    expect(readdirSync(cacheDir)).toEqual([]);
  });

  it('pulls and lists a model by its id', async () => {
    await models('pull owner/name --revision v1');
    expect(existsSync(join(cacheDir, 'owner/name/v1/onnx/model_q4.onnx'))).toBe(true);
    await models('pull owner/name --dtype q4');
    expect((await models('list')).out).toMatch(/\nowner\/name +owner\/name +2\.4 MB\n/);
    await models('remove owner/name --revision v1');
    expect(existsSync(join(cacheDir, 'owner/name/v1'))).toBe(false);
    expect(existsSync(join(cacheDir, 'owner/name/onnx'))).toBe(true);
  });

  it('shows on a terminal how far it is, in one line', async () => {
    const { out } = await models('pull owner/name', { isTTY: true });
    const lines = out.split('\r').map((line) => line.replace('\u001b[K', ''));
    const last = lines.filter((line) => line.includes('%')).at(-1);
    expect(last).toMatch(/^━{24} {2}100 % {2}1\.2 MB of 1\.2 MB {2}\d+(\.\d)? [kM]?B\/s {2}0 s left$/);
    expect(lines.at(-1)).toMatch(/^owner\/name is here: /);
  });

  it('stops when it is told to, and says that what has come is kept', async () => {
    const leaving = new AbortController();
    hub.mischief = ({ path, looks }) =>
      path === weights && !looks ? { stall: { after: 2 ** 19, silent: () => leaving.abort() } } : undefined;
    const { code, complaints } = await models('pull owner/name', { signal: leaving.signal });
    expect(code).toBe(130);
    expect(complaints).toBe('Stopped. What has come is kept; the next pull goes on from there.');
    expect((await models('list')).out).toMatch(/owner\/name .* not whole\n/);
    hub.mischief = () => undefined;
    expect((await models('pull owner/name')).code).toBe(0);
  });

  it('deletes nothing outside the cache', async () => {
    writeFileSync(join(temporary, 'kept'), '');
    for (const name of ['..', '../kept', './kept', 'smollm2-135m', 'owner/..']) {
      const { code, complaints } = await models(`remove ${name}`);
      expect({ code, complaints }).toEqual({ code: 1, complaints: expect.stringMatching(/^Expected a download of /) });
    }
    expect(existsSync(join(temporary, 'kept'))).toBe(true);
  });

  it.each([
    ['', 2, 'Expected one of list, pull, remove, doctor, received nothing\n'],
    ['push x', 2, 'Expected one of list, pull, remove, doctor, received "push"\n'],
    ['pull', 2, 'Expected the name of one model after pull, received nothing\n'],
    ['pull a b', 2, 'Expected the name of one model after pull, received a b\n'],
    ['list all', 2, 'Expected nothing more after list, received all\n'],
    ['list --dtype q5', 2, 'Expected `dtype` to be one of fp32, '],
    ['pull x/y --revision ../z', 2, 'Expected `revision` to be a branch, a tag or a commit'],
    ['pull gpt-9', 1, 'Expected a model\'s short name or an id such as owner/name after pull, received "gpt-9"'],
    ['remove owner/gone', 1, 'Expected a download of owner/gone in '],
  ])('refuses %j with exit code %i', async (line, expected, complaint) => {
    const { code, out, complaints } = await models(line);
    expect({ code, out }).toEqual({ code: expected, out: '' });
    expect(complaints.startsWith(complaint), complaints).toBe(true);
  });

  it('fails with exit code 1 where the hub has no such model', async () => {
    hub.mischief = () => ({ status: 404 });
    const { code, complaints } = await models('pull owner/name');
    expect(code).toBe(1);
    expect(complaints).toMatch(
      /^Expected owner\/name \(revision main\) to be a model in the ONNX format, found no config.json/,
    );
  });

  it('tells how it is called', async () => {
    const { code, out } = await models('--help');
    expect({ code, first: out.split('\n')[0] }).toEqual({
      code: 0,
      first: 'millrace models list           the models with a short name, and what is here',
    });
  });
});
