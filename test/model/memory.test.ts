import { footprint } from 'millrace/onnx';
import { describe, expect, it } from 'vitest';
import { modelFolder } from '../support/models.ts';
import { runProgram } from '../support/program.ts';

const imports = (model: string) => `
  import { setFlagsFromString } from 'node:v8';
  import { runInNewContext } from 'node:vm';
  import { infer } from 'millrace';
  import { ModelPool, onnx } from 'millrace/onnx';
  import { lastValueFrom, of, timer } from 'rxjs';
  const pool = new ModelPool({ budget: '4 GB' });
  const model = onnx(${model});
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc');
  const megabytes = () => process.memoryUsage.rss() / 1e6;
  const ask = (prompt, options = { maxTokens: 20 }) => lastValueFrom(of(prompt).pipe(infer(model, options)));
  // Garbage that is about to be collected is no part of what a model takes.
  const settled = async () => {
    const samples = [];
    for (let sample = 0; sample < 10; sample++) {
      await lastValueFrom(timer(100));
      samples.push(megabytes());
    }
    return samples.sort((one, other) => one - other)[5];
  };
`;

/** What a program wrote as JSON on its last line. */
const report = async (model: string, program: string, env?: NodeJS.ProcessEnv) => {
  const { code, output } = await runProgram(imports(model) + program, undefined, env);
  expect({ code, output }).toMatchObject({ code: 0 });
  return JSON.parse(output.trim().split('\n').at(-1) as string);
};

describe.each([false, true])('the memory of a model, its weights expanded: %s', (expandWeights) => {
  const embedded = `undefined, { pool, cacheTokens: 2048, expandWeights: ${expandWeights} }`;

  it('is what its footprint says, once it is loaded and once its cache is full', async () => {
    const { cache, total } = await footprint(undefined, { cacheTokens: 2048, expandWeights });
    const { loaded, full } = await report(
      embedded,
      `
      const before = megabytes();
      await model.load();
      const loaded = megabytes() - before;
      const words = 'apple river stone cloud horse paper green light sound water'.split(' ');
      const prompt = (turn) => Array.from({ length: 205 }, (_, index) => words[(index * (turn + 3)) % 10]).join(' ');
      for (const round of [0, 1]) {
        const answers = await Promise.all(Array.from({ length: 8 }, (_, turn) => ask(round + ' ' + turn + prompt(turn))));
        // Eight requests that take all tokens of the cache.
        if (answers.some(({ usage }) => Math.abs(usage.input - 236) > 16)) throw new Error(JSON.stringify(answers));
      }
      console.log(JSON.stringify({ loaded, full: (await settled()) - before }));
    `,
    );
    expect(loaded / ((total - cache) / 1e6)).toBeGreaterThan(0.85);
    expect(loaded / ((total - cache) / 1e6)).toBeLessThan(1.15);
    expect(full / (total / 1e6)).toBeGreaterThan(0.85);
    expect(full / (total / 1e6)).toBeLessThan(1.15);
  });

  const rounds = (env?: NodeJS.ProcessEnv): Promise<{ loaded: number; unloaded: number }[]> =>
    report(
      embedded,
      `
      const rounds = [];
      for (let round = 0; round < 6; round++) {
        const words = ('word ' + round + ' ').repeat(15);
        await Promise.all(Array.from({ length: 8 }, (_, turn) => ask(turn + words)));
        const loaded = megabytes();
        await pool.close();
        gc();
        rounds.push({ loaded, unloaded: megabytes() });
      }
      console.log(JSON.stringify(rounds));
    `,
      env,
    );

  it('goes back to the system when the model is unloaded, round after round, where the C library lets it', async () => {
    const [first, ...others] = await rounds({ MALLOC_TRIM_THRESHOLD_: '131072' });
    for (const { loaded, unloaded } of others) {
      expect(unloaded).toBeLessThan((first?.unloaded ?? 0) * 1.2);
      expect(loaded).toBeLessThan((first?.loaded ?? 0) * 1.2);
      expect(unloaded).toBeLessThan(loaded / 2);
    }
  });

  it('grows no further round after round, as the C library is, whatever that keeps of a single one', async () => {
    const all = await rounds();
    const [, second, ...others] = all;
    for (const { loaded } of others) expect(loaded).toBeLessThan((second?.loaded ?? 0) * 1.2);
    // It keeps up to 64 MB of each thread's memory, or not, as chance has it.
    const unloaded = all.map((round) => round.unloaded);
    expect(Math.min(...unloaded.slice(3))).toBeLessThan(Math.max(...unloaded.slice(0, 3)) * 1.2);
  });
});

describe('the memory of a small model', () => {
  it.each(['tiny-llama-concat', 'tiny-gemma3'])(
    'is what the footprint of %s says, once its cache is full',
    async (name) => {
      const folder = modelFolder(name);
      const { total } = await footprint(folder);
      const { full } = await report(
        `${JSON.stringify(folder)}, { pool }`,
        `
      const before = megabytes();
      const words = 'apple river stone cloud horse paper green light sound water'.split(' ');
      const prompt = (turn) => Array.from({ length: 40 }, (_, index) => words[(index * (turn + 3)) % 10]).join(' ');
      const long = (seed) => ({ maxTokens: 900, temperature: 1, seed });
      for (const round of [0, 1]) {
        await Promise.all(Array.from({ length: 8 }, (_, turn) => ask(round + ' ' + turn + prompt(turn), long(turn))));
      }
      console.log(JSON.stringify({ full: (await settled()) - before }));
    `,
      );
      expect(full / (total / 1e6)).toBeGreaterThan(0.85);
      expect(full / (total / 1e6)).toBeLessThan(1.15);
    },
  );
});
