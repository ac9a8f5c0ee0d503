import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { KvCache } from '../../src/backends/onnx/kv-cache.ts';
import { ModelRunner } from '../../src/backends/onnx/model-runner.ts';
import { type CountingGraphOptions, countingGraph } from '../support/counting-graph.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
const load = (options: CountingGraphOptions, config = {}) => {
  const graph = join(folder, `${files++}.onnx`);
  writeFileSync(graph, countingGraph(options));
  return ModelRunner.load({ graph, config }, { executionProviders: ['cpu'] });
};

const likeliest = (scores: Float32Array | undefined) => {
  const row = [...(scores ?? [])];
  return row.indexOf(Math.max(...row));
};

describe('ModelRunner', () => {
  it.each([
    ['single precision', {}],
    ['half precision', { half: true }],
    ['scores of the last tokens only', { keeps: true }],
    ['half precision and scores of the last tokens only', { half: true, keeps: true }],
  ])('runs a model of %s', async (_, options) => {
    const runner = await load(options);
    const cache = new KvCache();
    expect(await runner.run({ ids: [5, 6], cache, keep: 0 })).toBeUndefined();
    const scores = await runner.run({ ids: [7, 40, 41], cache, keep: 1 });
    expect(scores).toBeInstanceOf(Float32Array);
    expect(scores).toHaveLength(runner.vocabulary);
    expect(likeliest(scores)).toBe(42);
    expect(Math.max(...(scores ?? []))).toBe(10);
    expect(cache.length).toBe(5);
  });

  it.each([{}, { keeps: true }])('gives one row of scores for each token that is wanted with %j', async (options) => {
    const runner = await load(options);
    const scores = await runner.run({ ids: [1, 20, 300], cache: new KvCache(), keep: 2 });
    const rows = [0, 1].map((row) => scores?.subarray(row * runner.vocabulary, (row + 1) * runner.vocabulary));
    expect(rows.map(likeliest)).toEqual([21, 301]);
  });

  it('leaves a cache as it was when a fork of it goes on', async () => {
    const runner = await load({});
    const cache = new KvCache();
    await runner.run({ ids: [1, 2], cache, keep: 0 });
    const before = cache.entries;
    const fork = cache.fork();
    await runner.run({ ids: [3], cache: fork, keep: 1 });
    expect(fork.length).toBe(3);
    expect(cache.length).toBe(2);
    expect(cache.entries).toBe(before);
    expect((before[0] as { data: Float32Array }).data).toEqual(Float32Array.of(1, 2));
    expect((fork.entries[0] as { data: Float32Array }).data).toEqual(Float32Array.of(1, 2, 3));
  });

  it.each([
    [{ stateless: true }, {}, /found no cache inputs `past_key_values.\*`: an export of this kind/],
    [
      { input: 'encoder_hidden_states' },
      { model_type: 't5' },
      /found an input `encoder_hidden_states`.*an export of t5/,
    ],
  ])('refuses a graph with %j', async (options, config, message) => {
    await expect(load(options, config)).rejects.toThrow(message);
  });

  it('names the reason of each execution provider where none works', async () => {
    const graph = join(folder, 'any.onnx');
    writeFileSync(graph, countingGraph());
    const loaded = ModelRunner.load({ graph, config: {} }, { executionProviders: ['cuda', 'dml'] });
    await expect(loaded).rejects.toThrow(/Expected one of the execution providers cuda, dml .* cuda: .+; dml: .+/);
  });
});
