import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Backend, BackendError, inferText, mergeFanOut, step } from 'millrace';
import { scripted } from 'millrace/testing';
import { concatWith, map, NEVER, Observable, of, pipe, Subject, throwError } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { frameStorage } from '#frame-storage';
import type { Example } from '../../../examples/example.ts';
import { type Stage, takeTour } from '../../../examples/terminal/take-tour.ts';
import { FakePipe, FakeTerminal } from '../../support/fake-terminal.ts';

const shout: Example = {
  name: 'shout',
  about: 'an answer in capitals',
  roles: ['small'],
  input: 'companies.txt',
  workflow: ({ small }) =>
    step(
      'say',
      pipe(
        inferText(small),
        map((answer) => answer.toUpperCase()),
      ),
    ),
};

const both: Example = {
  name: 'both',
  about: 'two answers',
  roles: ['small', 'large'],
  input: 'reef.txt',
  workflow: ({ small, large }) => mergeFanOut({ left: inferText(small), right: inferText(large) }),
};

const broken: Example = {
  ...shout,
  name: 'broken',
  workflow: () =>
    step(
      'break',
      map(() => JSON.parse('{')),
    ),
};

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tour-'));
  writeFileSync(join(folder, 'own.txt'), 'My own text.\n');
  writeFileSync(join(folder, 'empty.txt'), ' \n');
});
afterAll(() => rmSync(folder, { recursive: true }));

const tour = async (words: string, changes: Partial<Stage> = {}) => {
  const pipe = new FakePipe();
  const complaints: string[] = [];
  const made: (string | undefined)[] = [];
  const model = scripted('one two');
  const code = await takeTour(words.split(' ').filter(Boolean), {
    examples: [shout, both],
    output: pipe,
    complain: (message) => complaints.push(message),
    environment: {},
    makeModel: (path) => {
      made.push(path);
      return model;
    },
    leave: NEVER,
    ...changes,
  });
  return { code, text: pipe.text, complaints, made, model };
};

describe('takeTour', () => {
  it('runs every example: what runs where, tokens, results, and a table of all requests', async () => {
    const { code, text, made } = await tour('');
    const plain = text.replaceAll(/\d+(\.\d)? m?s/g, '(time)');
    expect(code).toBe(0);
    expect(made).toEqual([undefined]);
    expect(plain.split('\n').slice(0, 9)).toEqual([
      'scripted · on this device, offline',
      '',
      'shout — an answer in capitals',
      expect.stringMatching(/^reads examples\/data\/companies.txt, \d+ words$/),
      '  say',
      '    one two',
      '    2 tokens in (time) · first after (time)',
      '  result',
      '    ONE TWO',
    ]);
    expect(plain).toContain('  result\n    left: one two\n    right: one two\n');
    const table = plain.slice(plain.indexOf('example  step')).split('\n');
    expect(table.map((line) => line.split(/ {2,}/).slice(0, 3))).toEqual([
      ['example', 'step', 'model'],
      ['shout', 'say', 'scripted'],
      ['both', 'left', 'scripted'],
      ['both', 'right', 'scripted'],
      [''],
      ['2 examples in (time)'],
      [''],
    ]);
  });

  it('runs the examples that are named, in that order', async () => {
    const { text } = await tour('both shout');
    expect(text.indexOf('both —')).toBeLessThan(text.indexOf('shout —'));
    expect((await tour('both')).text).not.toContain('shout —');
  });

  it('reads the text of the user', async () => {
    const { model, text } = await tour(`shout --input ${join(folder, 'own.txt')}`);
    expect(model.requests.at(-1)?.messages).toEqual([{ role: 'user', content: 'My own text.' }]);
    expect(text).toContain('own.txt, 3 words');
  });

  it('takes other models by role, and makes each of them once', async () => {
    const { made, code } = await tour(`--model small=${folder} --model large=${folder}`);
    expect(made).toEqual([folder]);
    expect(code).toBe(0);
    expect((await tour(`both --model large=${folder}`)).made).toEqual([undefined, folder]);
  });

  it('shows how far the download of a model is until it is here', async () => {
    const model: Backend = {
      id: 'gemma3-1b',
      infer: (request) =>
        new Observable((reader) => {
          const frame = frameStorage.getStore();
          for (const loaded of [100e6, 352e6]) {
            frame?.report({ type: 'download', model: 'gemma3-1b', loaded, total: 859e6, speed: 12.4e6 });
          }
          expect(frame).toBeDefined();
          const timer = setTimeout(() => scripted('one').infer(request).subscribe(reader), 100);
          return () => clearTimeout(timer);
        }),
    };
    const terminal = new FakeTerminal(80, 20);
    const allowed: boolean[] = [];
    await tour('shout --model small=gemma3-1b --download', {
      output: terminal,
      makeModel: (_, allowDownload) => {
        allowed.push(allowDownload);
        return model;
      },
    });
    expect(allowed).toContain(true);
    expect(terminal.raw).toContain('━━━━━━━━────────────  40 %  352 of 859 MB  12.4 MB/s');
    expect(terminal.everything).toMatch(/^ {2}downloading gemma3-1b\n(scripted|gemma3-1b) · /);
    expect(terminal.everything).not.toContain('━');
  });

  it('lists the examples without running any', async () => {
    const { code, text, made } = await tour('--list');
    expect(text.split('\n').slice(1)).toEqual([
      'shout    small         examples/data/companies.txt  an answer in capitals',
      'both     small, large  examples/data/reef.txt       two answers',
      '',
    ]);
    expect({ code, made }).toEqual({ code: 0, made: [] });
  });

  it('shows how to call it', async () => {
    const { code, text } = await tour('--help');
    expect(text).toMatch(/npm start -- --model ROLE=MODEL/);
    expect(code).toBe(0);
  });

  it.each([
    ['shuot', /Expected the name of an example to be one of shout, both, received "shuot"/],
    ['--input nowhere.txt', /Expected --input to name a file that can be read, received "nowhere.txt" \(ENOENT\)/],
    ['--input src', /Expected --input to name a file that can be read, received "src" \(EISDIR\)/],
    ['--model small=./nowhere', /Expected --model to name a folder that exists, received ".\/nowhere"/],
  ])('refuses %j with exit code 2, and starts nothing', async (words, message) => {
    const { code, text, complaints, made } = await tour(words);
    expect({ code, text, made }).toEqual({ code: 2, text: '', made: [] });
    expect(complaints.join()).toMatch(message);
  });

  it('refuses a file without text', async () => {
    const { code, complaints } = await tour(`--input ${join(folder, 'empty.txt')}`);
    expect(code).toBe(2);
    expect(complaints.join()).toMatch(/Expected --input to name a file with text in it, received ".*empty.txt"/);
  });

  it('tells where an example failed, goes on with the next, and ends with exit code 1', async () => {
    const { code, text } = await tour('', { examples: [broken, both] });
    expect(text).toMatch(/ {2}✗ break: .*JSON/);
    expect(text).toContain('both — two answers');
    expect(text).toMatch(/2 examples in .*, 1 failed\n$/);
    expect(code).toBe(1);
  });

  it('ends with exit code 1 where a model cannot be loaded', async () => {
    const error = new BackendError('no such model', { backend: 'gone', retryable: false });
    const { code, text } = await tour('', { makeModel: () => ({ id: 'gone', infer: () => throwError(() => error) }) });
    expect(text).toBe('  ✗ no such model\n');
    expect(code).toBe(1);
  });

  it('stops the model and says no more when it is left', async () => {
    const leave = new Subject<number>();
    const endless: Observable<string> = of('one').pipe(concatWith(NEVER));
    const model = scripted((_, index) => (index === 0 ? 'one' : endless));
    const terminal = new FakeTerminal(60, 20);
    const left = tour('', { leave, makeModel: () => model, output: terminal });
    await new Promise((resolve) => setTimeout(resolve, 100));
    leave.next(130);
    expect((await left).code).toBe(130);
    expect(model.readings).toHaveLength(2);
    expect(model.readings[1]).toEqual({ taken: 1, unsubscribed: true });
    expect(terminal.everything.split('\n').slice(-2)).toEqual(['  say', '    one']);
    expect(terminal.cursorShown).toBe(true);
  });

  it('draws in a terminal what it prints to a pipe', async () => {
    const terminal = new FakeTerminal(100, 12);
    await tour('', { output: terminal });
    const { text } = await tour('');
    const timeless = (all: string) =>
      all
        .replaceAll(/\d+(\.\d)? m?s/g, '(time)')
        .replaceAll(/ {2,}/g, ' ')
        .trim();
    expect(timeless(terminal.everything)).toBe(timeless(text));
  });
});
