import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readModelFiles } from '../../src/backends/onnx/model-files.ts';
import { ModelRunner } from '../../src/backends/onnx/model-runner.ts';
import { type CountingGraphOptions, countingData, countingGraph } from '../support/counting-graph.ts';
import { modelFolder } from '../support/models.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-'));
afterAll(() => rmSync(folder, { recursive: true }));

const plan = { slots: 4, tokens: 4000 };
const options = { executionProviders: ['cpu'] } as const;

let files = 0;
const load = (graphOptions: CountingGraphOptions, config = {}) => {
  const graph = join(folder, `${files++}.onnx`);
  writeFileSync(graph, countingGraph(graphOptions));
  for (const file of graphOptions.data ?? []) writeFileSync(join(folder, file), countingData());
  return ModelRunner.load({ graph, config }, options, plan);
};

const likeliest = (scores: Float32Array) => scores.indexOf(Math.max(...scores));
const rowsOf = (scores: Float32Array, { vocabulary }: ModelRunner) =>
  Array.from({ length: scores.length / vocabulary }, (_, row) =>
    scores.slice(row * vocabulary, (row + 1) * vocabulary),
  );

describe('ModelRunner', () => {
  it.each([
    ['single precision', {}],
    ['half precision', { half: true }],
    ['scores of the last tokens only', { keeps: true }],
    ['half precision and scores of the last tokens only', { half: true, keeps: true }],
    ['weights in a file beside it', { data: ['weights.onnx_data'] }],
  ] as [string, CountingGraphOptions][])('runs a model of %s', async (_, graph) => {
    const runner = await load(graph);
    expect(await runner.run([{ slot: 1, from: 0, ids: [5, 6], keep: 0 }])).toHaveLength(0);
    const scores = await runner.run([{ slot: 1, from: 2, ids: [7, 40, 41], keep: 1 }]);
    expect(scores).toBeInstanceOf(Float32Array);
    expect(scores).toHaveLength(runner.vocabulary);
    expect(likeliest(scores)).toBe(42);
    expect(Math.max(...scores)).toBe(10);
    expect([0, 1].map((slot) => runner.cache.length(slot))).toEqual([0, 5]);
    const [kept] = runner.cache.read(1, 1, 4).rows;
    const wanted = graph.half ? [0x4600, 0x4700, 0x5100] : [6, 7, 40];
    expect([...(kept?.numbers.subarray(kept.start, kept.start + 3) ?? [])]).toEqual(wanted);
  });

  it.each([{}, { keeps: true }])('gives one row of scores for each token that is wanted with %j', async (graph) => {
    const runner = await load(graph);
    const scores = await runner.run([{ slot: 0, from: 0, ids: [1, 20, 300], keep: 2 }]);
    expect(rowsOf(scores, runner).map(likeliest)).toEqual([21, 301]);
  });

  it.each([
    [{ stateless: true }, {}, /found no cache inputs `past_key_values.\*`: an export like this one/],
    [
      { input: 'encoder_hidden_states' },
      { model_type: 't5' },
      /found an input `encoder_hidden_states`.*an export of t5/,
    ],
  ])('refuses a graph with %j', async (graph, config, message) => {
    await expect(load(graph, config)).rejects.toThrow(message);
  });

  it('names the reason of each execution provider where none works', async () => {
    const graph = join(folder, 'any.onnx');
    writeFileSync(graph, countingGraph());
    const loaded = ModelRunner.load({ graph, config: {} }, { executionProviders: ['cuda', 'dml'] }, plan);
    await expect(loaded).rejects.toThrow(/Expected one of the execution providers cuda, dml .* cuda: .+; dml: .+/);
  });
});

describe.each([
  { mode: 'in-place', width: 4 },
  { mode: 'ping-pong', width: 1 },
  { mode: 'plain', width: 1 },
] as const)('ModelRunner, $mode', (way) => {
  let runner: ModelRunner;
  let naive: ModelRunner;

  beforeAll(async () => {
    const model = await readModelFiles(modelFolder('tiny-llama'));
    runner = await ModelRunner.load(model, options, plan, undefined, way);
    naive = await ModelRunner.load(model, options, plan, undefined, { mode: 'plain', width: 1 });
  });

  const text = (length: number, seed: number) =>
    Array.from({ length }, (_, place) => 4 + ((place * 31 + seed * 97) % 2000));

  /** What follows a text, computed in one run. */
  const following = (ids: readonly number[]) => {
    naive.cache.truncate(0, 0);
    return naive.run([{ slot: 0, from: 0, ids, keep: 1 }]).then((scores) => scores.slice());
  };

  const expectAlike = (scores: Float32Array, expected: Float32Array) => {
    expect(scores).toHaveLength(expected.length);
    expect(Math.max(...scores.map((score, id) => Math.abs(score - (expected[id] as number))))).toBeLessThan(1e-3);
  };

  /** Computes one more token of some places: in one run, or one run each where that is all that the way can do. */
  const together = async (works: readonly { slot: number; text: number[]; next: number }[]) => {
    const made = works.map(({ slot, text, next }) => ({ slot, from: text.length, ids: [next], keep: 1 }));
    const runs = way.width > 1 ? [made] : made.map((work) => [work]);
    const scores: Float32Array[] = [];
    for (const run of runs) scores.push(...rowsOf(await runner.run(run), runner));
    for (const { text, next } of works) text.push(next);
    return scores;
  };

  it('computes places of unlike length side by side, and leaves those in between alone', async () => {
    const texts = [text(30, 1), text(5, 2), text(12, 3)] as [number[], number[], number[]];
    for (const [slot, ids] of texts.entries()) await runner.run([{ slot, from: 0, ids, keep: 0 }]);
    for (let token = 0; token < 3; token++) {
      const [first, last] = await together([
        { slot: 0, text: texts[0], next: 40 + token },
        { slot: 2, text: texts[2], next: 60 + token },
      ]);
      expectAlike(first as Float32Array, await following(texts[0]));
      expectAlike(last as Float32Array, await following(texts[2]));
    }
    const [middle] = await together([{ slot: 1, text: texts[1], next: 50 }]);
    expectAlike(middle as Float32Array, await following(texts[1]));
  });

  it('grows while it writes', async () => {
    const [long, short] = [text(509, 4), text(7, 5)];
    await runner.run([{ slot: 0, from: 0, ids: long.slice(0, 300), keep: 0 }]);
    await runner.run([{ slot: 0, from: 300, ids: long.slice(300), keep: 0 }]);
    await runner.run([{ slot: 1, from: 0, ids: short, keep: 0 }]);
    for (let token = 0; token < 6; token++) {
      const scores = await together([
        { slot: 0, text: long, next: 70 + token },
        { slot: 1, text: short, next: 80 + token },
      ]);
      if (token < 2) continue;
      expectAlike(scores[0] as Float32Array, await following(long));
      expectAlike(scores[1] as Float32Array, await following(short));
    }
  });

  it('goes back to a shorter beginning, and on from there', async () => {
    const ids = text(40, 6);
    await runner.run([{ slot: 3, from: 0, ids, keep: 0 }]);
    const other = [...ids.slice(0, 17), 90, 91, 92];
    expectAlike(await runner.run([{ slot: 3, from: 17, ids: [90, 91, 92], keep: 1 }]), await following(other));
    expect(runner.cache.length(3)).toBe(20);
  });

  it('goes on with what was copied, moved and exchanged', async () => {
    const ids = text(40, 7);
    for (const slot of [0, 1, 2, 3]) runner.cache.truncate(slot, 0);
    await runner.run([{ slot: 0, from: 0, ids, keep: 0 }]);
    const block = runner.cache.read(0, 0, 25);
    runner.cache.append(1, [{ block, from: 0, count: 20 }]);
    runner.cache.move(0, 3);
    runner.cache.swap(1, 2);
    expect([0, 1, 2, 3].map((slot) => runner.cache.length(slot))).toEqual([0, 0, 20, 40]);
    expectAlike(
      await runner.run([{ slot: 2, from: 20, ids: [90], keep: 1 }]),
      await following([...ids.slice(0, 20), 90]),
    );
    expectAlike(await runner.run([{ slot: 3, from: 40, ids: [91], keep: 1 }]), await following([...ids, 91]));
  });

  it('is as before after a run that failed', async () => {
    const ids = text(20, 8);
    await runner.run([{ slot: 0, from: 0, ids, keep: 0 }]);
    const failing = runner.run([{ slot: 0, from: 20, ids: [999_999], keep: 1 }]);
    await expect(failing).rejects.toThrow(/Non-zero status code/);
    expect(runner.cache.length(0)).toBe(20);
    expectAlike(await runner.run([{ slot: 0, from: 20, ids: [90], keep: 1 }]), await following([...ids, 90]));
  });
});
