import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, describe, expect, it } from 'vitest';
import { openSession } from '../../src/backends/onnx/session.ts';
import { isStop, stopOutput } from '../../src/backends/onnx/stop-output.ts';
import { countingData, countingGraph } from '../support/counting-graph.ts';
import { embeddedFolder, modelFolder, referenceModels } from '../support/models.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-'));
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, bytes: Uint8Array): string => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};

const open = (graph: string) => openSession(graph, { executionProviders: ['cpu'] });

/** Inputs for three tokens and an empty cache, as a session asks for them. */
const feedsOf = ({ inputMetadata }: InferenceSession): Record<string, Tensor> => {
  const integers = (values: readonly number[]) =>
    new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
  const feeds: Record<string, Tensor> = {};
  for (const metadata of inputMetadata) {
    const { name } = metadata;
    if (name === 'input_ids') feeds[name] = integers([5, 6, 7]);
    else if (name === 'attention_mask') feeds[name] = integers([1, 1, 1]);
    else if (name === 'position_ids') feeds[name] = integers([0, 1, 2]);
    else if (name === 'num_logits_to_keep') feeds[name] = new Tensor('int64', BigInt64Array.of(1n), []);
    else {
      const shape = metadata.isTensor ? metadata.shape : [];
      feeds[name] = new Tensor('float32', new Float32Array(), [1, Number(shape[1]), 0, Number(shape[3])]);
    }
  }
  return feeds;
};

const graphs = (): readonly (readonly [string, string])[] => [
  ...referenceModels.map((name) => [`weights inside, as ${name}`, join(modelFolder(name), 'onnx/model.onnx')] as const),
  ['weights in a file beside it', write('beside.onnx', countingGraph({ data: ['beside.onnx_data'] }))],
  ['weights with two shapes, as the embedded model', join(embeddedFolder, 'onnx/model_quantized.onnx')],
  ['hardly any weights', write('inside.onnx', countingGraph())],
];

describe('a graph with the stop output', () => {
  write('beside.onnx_data', countingData());

  it.each(graphs())('gives what it gave without it, of %s', async (_, graph) => {
    const { session } = await open(graph);
    const untouched = await InferenceSession.create(graph, { executionProviders: ['cpu'], logSeverityLevel: 4 });
    expect(session.outputNames).toEqual([stopOutput, ...untouched.outputNames]);
    expect(session.inputNames).toEqual(untouched.inputNames);
    const results = await session.run(feedsOf(session), untouched.outputNames);
    const expected = await untouched.run(feedsOf(untouched));
    for (const name of untouched.outputNames) {
      expect(results[name]?.dims, name).toEqual(expected[name]?.dims);
      expect(results[name]?.data, name).toEqual(expected[name]?.data);
    }
    await session.release();
    await untouched.release();
  });

  it('stops after a run, whose results are in the memory that was given for them', async () => {
    const { session } = await open(join(modelFolder('tiny-llama'), 'onnx/model.onnx'));
    const expected = await session.run(feedsOf(session), ['logits']);
    const scores = new Float32Array(expected.logits?.data.length ?? 0);
    const logits = new Tensor('float32', scores, expected.logits?.dims ?? []);
    const run = session.run(feedsOf(session), { [stopOutput]: null, logits });
    expect(await run.then(() => undefined, isStop)).toBe(true);
    expect(scores).toEqual(expected.logits?.data);
  });

  it('does not hide that a run failed', async () => {
    const { session } = await open(join(modelFolder('tiny-llama'), 'onnx/model.onnx'));
    const feeds = { ...feedsOf(session), input_ids: new Tensor('int64', BigInt64Array.of(5n, 6n, 999_999n), [1, 3]) };
    const failure = await session.run(feeds, { [stopOutput]: null, logits: null }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(isStop(failure)).toBe(false);
  });

  it('says which file is damaged', async () => {
    const whole = countingGraph();
    const cut = write('cut.onnx', whole.subarray(0, whole.length / 2));
    await expect(open(cut)).rejects.toThrow(/cut\.onnx to be whole, found it damaged/);
    await expect(open(join(folder, 'none.onnx'))).rejects.toThrow(/none\.onnx/);
  });

  it('says so where the file with the weights is missing', async () => {
    const graph = write('alone.onnx', countingGraph({ data: ['nowhere.onnx_data'] }));
    await expect(open(graph)).rejects.toThrow(/alone\.onnx .*nowhere\.onnx_data|alone\.onnx to be whole/s);
  });
});
