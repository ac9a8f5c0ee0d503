import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openExpanded } from '../../src/backends/onnx/expand/open-expanded.ts';
import { readModelFiles } from '../../src/backends/onnx/model-files.ts';
import { ModelRunner } from '../../src/backends/onnx/model-runner.ts';
import { resolveModel } from '../../src/backends/onnx/resolve-model.ts';
import { openSession } from '../../src/backends/onnx/session.ts';
import { modelFolder } from '../support/models.ts';
import { type Product, productGraph } from '../support/product-graph.ts';
import { randomNumbers } from '../support/random-numbers.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-'));
afterAll(() => rmSync(folder, { recursive: true }));

const random = randomNumbers(11);
const bytes = (length: number) => Uint8Array.from({ length }, () => 256 * random());
const floats = (length: number) => Float32Array.from({ length }, () => random() - 0.5);

/** A matrix of 48 rows, with an odd number of blocks in each. */
const product = (bits: 4 | 8, hasZeroPoints: boolean): Product => {
  const [rows, columns, block] = [48, 96, 32];
  const ofRow = bits === 8 ? 3 : 2;
  return {
    ...{ bits, rows, columns, block },
    numbers: bytes((rows * columns * bits) / 8),
    scales: floats((rows * columns) / block),
    ...(hasZeroPoints && { zeroPoints: bytes(rows * ofRow) }),
  };
};

const presentOf = async (session: InferenceSession, feeds: InferenceSession.FeedsType): Promise<Float32Array> =>
  (await session.run(feeds, ['present'])).present?.data as Float32Array;

const dot = (one: Float32Array, other: Float32Array) =>
  one.reduce((sum, value, index) => sum + value * (other[index] as number), 0);
const cosine = (one: Float32Array, other: Float32Array) =>
  dot(one, other) / Math.sqrt(dot(one, one) * dot(other, other));
const furthest = (one: Float32Array, other: Float32Array) =>
  Math.max(...one.map((value, index) => Math.abs(value - (other[index] as number))));

describe('a quantised product in single precision', () => {
  const write = (name: string, content: Uint8Array): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const x = new Tensor('float32', floats(3 * 96), [3, 96]);

  it.each([
    ['8 bits', product(8, false)],
    ['8 bits with zero points', product(8, true)],
    ['4 bits', product(4, false)],
    ['4 bits with zero points', product(4, true)],
    ['numbers in a file beside it', { ...product(8, true), file: { name: 'beside.onnx_data', offset: 4096 } }],
  ])('is what it is with %s', async (_, product) => {
    if (product.file) write(product.file.name, Buffer.concat([new Uint8Array(product.file.offset), product.numbers]));
    const graph = write('product.onnx', productGraph(product));
    const { session, runtime } = await openSession(graph, { executionProviders: ['cpu'] });
    const expanded = await openExpanded(runtime, graph, {});
    if (expanded === undefined) throw new Error('nothing to write out');
    // Without what gives scores.
    expect(expanded.session.outputNames.slice(1)).toEqual(['present']);
    const expected = await presentOf(session, { x });
    const present = await presentOf(expanded.session, { ...expanded.weights, x });
    expect(present).toHaveLength(3 * 48);
    expect(furthest(present, expected)).toBeLessThan(1e-3);
    await expanded.session.release();
    await session.release();
  });

  it('is nothing to be made of a model without any', async () => {
    const graph = join(modelFolder('tiny-llama'), 'onnx/model.onnx');
    const { runtime, session } = await openSession(graph, { executionProviders: ['cpu'] });
    expect(await openExpanded(runtime, graph, {})).toBeUndefined();
    await session.release();
  });
});

describe.each([
  { mode: 'in-place', width: 4 },
  { mode: 'ping-pong', width: 1 },
  { mode: 'plain', width: 1 },
] as const)('the embedded model with expanded weights, $mode', (way) => {
  let small: ModelRunner;
  let expanded: ModelRunner;
  beforeAll(async () => {
    const files = await readModelFiles(resolveModel());
    const load = (expandWeights: boolean) =>
      ModelRunner.load(
        files,
        { executionProviders: ['cpu'], expandWeights },
        { slots: 4, tokens: 1000 },
        undefined,
        way,
      );
    [small, expanded] = [await load(false), await load(true)];
  });

  const ids = (length: number) => Array.from({ length }, (_, index) => 1000 + ((index * 37) % 4000));
  const likeliest = (scores: Float32Array) => scores.indexOf(Math.max(...scores));

  it('gives the scores of the small one after a prompt, and after what follows', async () => {
    expect([small.expanded, expanded.expanded]).toEqual([false, true]);
    const works = [
      { slot: 1, from: 0, ids: ids(150), keep: 0 },
      { slot: 1, from: 150, ids: ids(100), keep: 2 },
      { slot: 1, from: 250, ids: [55], keep: 1 },
      { slot: 1, from: 200, ids: ids(60), keep: 1 },
    ];
    for (const work of works) {
      const scores = (await expanded.run([work])).slice();
      const expected = await small.run([work]);
      expect(scores).toHaveLength(work.keep * expanded.vocabulary);
      expect(expanded.cache.length(1)).toBe(work.from + work.ids.length);
      if (work.keep === 0) continue;
      // Not to the last bit: those of the small one are rounded.
      expect(scores).not.toEqual(expected);
      expect(cosine(scores, expected)).toBeGreaterThan(0.99);
      expect(likeliest(scores.subarray(0, expanded.vocabulary))).toBe(
        likeliest(expected.subarray(0, small.vocabulary)),
      );
    }
  });

  it('leaves a short prompt to the small one', async () => {
    const work = { slot: 2, from: 0, ids: ids(40), keep: 1 };
    const scores = (await expanded.run([work])).slice();
    expect(scores).toEqual(await small.run([work]));
  });
});
