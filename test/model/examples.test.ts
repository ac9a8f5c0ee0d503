import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';

const tour = fileURLToPath(new URL('../../build/examples/tour.js', import.meta.url));

type Outcome = { readonly code: number | null; readonly out: string; readonly complaints: string };

/** Runs the tour as a program of its own, with a pipe for its output. */
const take = (words: readonly string[], onOutput: (stop: () => void) => void = () => undefined): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const { NO_COLOR, FORCE_COLOR, ...env } = process.env;
    const child = spawn(process.execPath, [tour, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, complaints] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text) => {
      out += text;
      onOutput(() => child.kill('SIGINT'));
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      complaints += text;
    });
    child.on('error', reject).on('close', (code) => resolve({ code, out, complaints }));
  });

/** The rows of the table at the end, without its titles. */
const rowsOf = (out: string): readonly (readonly string[])[] =>
  out
    .slice(out.indexOf('\nexample'))
    .split('\n')
    .slice(2)
    .map((line) => line.split(/ {2,}/))
    .filter(({ length }) => length > 2);

describe('the examples on the embedded model', () => {
  it.each([
    ['chain', ['find', 'describe']],
    ['tools', ['answer', 'answer #2']],
    ['classify-then-route', ['classify', 'classify #2']],
    ['fan-out', ['title', 'number', 'warning']],
    ['verify', ['write', 'check']],
    ['cloud-fallback', ['summarise']],
    ['slow-reader', ['write']],
  ])('%s runs, offline, and ends by itself', async (name, steps) => {
    const { code, out, complaints } = await take([name]);
    // The arithmetic of 8-bit models differs between processors, and with it whether a repair passes.
    const gaveUp = name === 'verify' && out.includes('✗ Expected a value that passes the check within 4 attempts');
    expect({ code, complaints }).toEqual({ code: gaveUp ? 1 : 0, complaints: '' });
    expect(out).toBe(stripVTControlCharacters(out));
    expect(out.split('\n')[0]).toMatch(/^smollm2-135m-instruct · cpu · on this device, offline · loaded in /);
    if (!gaveUp) expect(out).toMatch(/\n {2}results?\n {4}\S/);
    const rows = rowsOf(out);
    expect(rows.map(([example]) => example)).toEqual(rows.map(() => name));
    expect(rows.map(([, step]) => step)).toEqual(expect.arrayContaining(steps));
    for (const [, , model, , tokens] of rows) {
      expect(model).toBe('smollm2-135m-instruct');
      expect(Number(tokens)).toBeGreaterThan(0);
    }
  });

  it('slow-reader shows a model that is never more than four tokens ahead', async () => {
    const { out } = await take(['slow-reader']);
    const looks = [...out.matchAll(/ s {2}█*░* {2}(\d+) read, (\d+) made$/gm)].map(([, ...counts]) =>
      counts.map(Number),
    );
    expect(looks.length).toBeGreaterThan(10);
    for (const [read = 0, made = 0] of looks) expect(made - read).toBeLessThanOrEqual(4);
    expect(looks.filter(([read]) => read === 12).length).toBeGreaterThan(1);
    expect(looks.at(-1)?.[0]).toBe(looks.at(-1)?.[1]);
  });

  it('stops when it is interrupted, with exit code 130 and without a word', async () => {
    let stopped = false;
    const { code, out, complaints } = await take(['fan-out'], (stop) => {
      if (!stopped) stop();
      stopped = true;
    });
    expect({ code, complaints }).toEqual({ code: 130, complaints: '' });
    expect(out).not.toContain('\nexample');
  });

  it('refuses an unknown example with exit code 2', async () => {
    const { code, out, complaints } = await take(['chian']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(complaints).toMatch(/^Expected the name of an example to be one of chain, tools, .*, received "chian"/);
  });
});
