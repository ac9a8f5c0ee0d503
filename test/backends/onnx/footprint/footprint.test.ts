import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { BackendError } from 'millrace';
import { footprint, type OnnxOptions } from 'millrace/onnx';
import { describe, expect, it } from 'vitest';
import { readGraphFacts } from '../../../../src/backends/onnx/footprint/graph-facts.ts';
import { readGraphLayout } from '../../../../src/backends/onnx/graph-layout.ts';
import { modelFolder } from '../../../support/models.ts';

const tokenBytes = 3 * 2 * (2 * 32) * 4;

describe('footprint', () => {
  it('reckons the cache of a model for its requests and for the beginnings that are kept', async () => {
    const { cache } = await footprint(modelFolder('tiny-llama'));
    expect(cache).toBe((12_288 + 3072) * tokenBytes);
  });

  it('counts the cache twice, with room to grow, where it is written anew with each token', async () => {
    const { cache } = await footprint(modelFolder('tiny-llama-concat'));
    expect(cache).toBe((2.25 * 12_288 + 3072) * tokenBytes);
  });

  it('finds a model as `onnx` does, and downloads none', async () => {
    expect(await footprint('smollm2-135m')).toEqual(await footprint());
    expect(await footprint('tiny-llama', { modelsDir: dirname(modelFolder('tiny-llama')) })).toEqual(
      await footprint(modelFolder('tiny-llama')),
    );
    await expect(footprint('owner/name', { allowDownload: true, cacheDir: tmpdir() })).rejects.toMatchObject({
      name: 'BackendError',
      retryable: false,
      message: expect.stringMatching(/owner\/name/),
    });
  });

  it('follows `cacheTokens`', async () => {
    const { cache } = await footprint(modelFolder('tiny-llama'), { cacheTokens: 1000 });
    expect(cache).toBe(1250 * tokenBytes);
  });

  it('reckons the scores of a chunk where a graph gives those of every token', async () => {
    const graph = await readGraphFacts(`${modelFolder('tiny-llama')}/onnx/model.onnx`);
    const { chunk } = readGraphLayout(graph.inputs, graph.outputs, {});
    expect((await footprint(modelFolder('tiny-llama'))).logits).toBe(chunk * 2048 * 4);
    expect((await footprint()).logits).toBe(8 * 49_152 * 4);
  });

  it('is the sum of its parts', async () => {
    const { total, ...parts } = await footprint(undefined, { expandWeights: true });
    expect(Object.values(parts).reduce((sum, bytes) => sum + bytes, 0)).toBe(total);
    for (const bytes of Object.values(parts)) expect(bytes).toBeGreaterThan(0);
  });

  it('says what is wrong with a folder, as the model itself would', async () => {
    const error = await footprint('nowhere').catch((reason) => reason);
    expect(error).toBeInstanceOf(BackendError);
    expect(error).toMatchObject({ backend: 'nowhere', retryable: false });
    expect(error.message).toMatch(/^Expected the folder of a model, .+looked at .+nowhere and found nothing/);
    await expect(footprint(undefined, { dtype: 'q4' })).rejects.toThrow(/to hold model_q4\.onnx, found/);
  });

  it.each([
    { cacheTokens: 63 },
    { cacheTokens: 1.5 },
    { threads: 0 },
    { expandWeights: 'yes' },
    { pool: {} },
    { what: 1 },
  ])('refuses %j', async (options) => {
    await expect(footprint(undefined, options as OnnxOptions)).rejects.toThrow(/^Expected /);
  });
});
