import { describe, expect, it } from 'vitest';
import { runProgram } from '../support/program.ts';

const program = `
  import { admit, fromGenerator, infer, toAsyncIterable, toReadable, toResponse } from 'millrace';
  import { scripted } from 'millrace/testing';
  import { filter, map, mergeMap, range, take } from 'rxjs';

  const length = 4096;
  const count = 25 * 1024;
  let made = 0;
  const chunks = fromGenerator(async function* () {
    while (made < count) yield String(made++).padStart(length, '.');
  });
  const model = scripted(() => chunks.pipe(take(25)));
  const pause = () => new Promise(setImmediate);
  let [read, ahead, memory] = [0, 0, 0];
  const note = async (size) => {
    read += size;
    ahead = Math.max(ahead, made - Math.floor(read / length));
    memory = Math.max(memory, process.memoryUsage().arrayBuffers);
    await pause();
  };
  const readers = {
    async iterable(source) {
      for await (const chunk of toAsyncIterable(source)) await note(chunk.length);
    },
    async readable(source) {
      for await (const chunk of toReadable(source)) await note(chunk.length);
    },
    async response(source) {
      const reader = toResponse(source).body.getReader();
      for (let next = await reader.read(); !next.done; next = await reader.read()) await note(next.value.length);
    },
  };
`;

/** Runs a program with 64 MB for its objects, and gives what it wrote as JSON. */
const report = async (code: string) => {
  const ended = await runProgram(program + code, undefined, { NODE_OPTIONS: '--max-old-space-size=64' });
  expect(ended, ended.output).toMatchObject({ code: 0 });
  return JSON.parse(ended.output);
};

describe('100 MB of text, with memory for 64 and a reader that takes it piece by piece', () => {
  it.each([
    ['toAsyncIterable', 'readers.iterable(chunks)'],
    ['toReadable', 'readers.readable(chunks)'],
    ['toResponse', 'readers.response(chunks)'],
    [
      'a model',
      'readers.iterable(range(1, 1024).pipe(infer(model, String), filter(({ type }) => type === "token"), map(({ text }) => text)))',
    ],
    ['admit', 'readers.iterable(chunks.pipe(admit(mergeMap((chunk) => [chunk]), { capacity: 2 })))'],
  ])('passes through %s', async (_, reading) => {
    const { read, ahead, memory } = await report(`
      await ${reading};
      console.log(JSON.stringify({ read, ahead, memory }));
    `);
    expect(read).toBeGreaterThanOrEqual(100 * 1024 * 1024);
    expect(ahead).toBeLessThanOrEqual(4 + 4);
    expect(memory).toBeLessThan(32e6);
  });
});
