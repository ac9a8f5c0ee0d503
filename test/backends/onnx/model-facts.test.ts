import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prefer } from 'millrace';
import { footprint, ModelPool, type OnnxOptions, onnx } from 'millrace/onnx';
import { scripted } from 'millrace/testing';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { afterAll, describe, expect, it } from 'vitest';
import { modelFolder } from '../../support/models.ts';

const empty = mkdtempSync(join(tmpdir(), 'millrace-facts-'));
afterAll(() => rmSync(empty, { recursive: true }));

const factsOf = (model: string, options: OnnxOptions = {}) =>
  lastValueFrom(onnx(model, { cacheDir: empty, ...options }).facts());

const tiny = modelFolder('tiny-llama');

describe('the facts of a model on this machine', () => {
  it('tell what it takes of its pool and how long a prompt may be, and load nothing', async () => {
    const pool = new ModelPool({ budget: '1 GB' });
    const { total } = await footprint(tiny);
    const memory = { needed: total, budget: 1e9 };
    expect(await factsOf(tiny, { pool })).toEqual({ model: 'present', memory, context: expect.any(Number) });
    expect(pool.state().models).toEqual([]);
  });

  it('have no longer a context than its cache', async () => {
    const { context = 0 } = await factsOf(tiny);
    expect(context).toBeGreaterThan(64);
    expect(await factsOf(tiny, { cacheTokens: 64 })).toMatchObject({ context: 64 });
  });

  it('tell why there is no model', async () => {
    expect(await factsOf(join(empty, 'nothing'))).toEqual({
      model: 'missing',
      problem: expect.stringContaining('Expected the folder of a model, looked at'),
    });
    const { model, problem } = await factsOf('owner/name', { allowDownload: false });
    expect([model, problem]).toEqual(['missing', expect.stringContaining('npx millrace models pull owner/name')]);
    expect(await factsOf('no such model', { allowDownload: true })).toMatchObject({ model: 'missing' });
  });

  it('tell that a model may be downloaded, without doing it', async () => {
    expect(await factsOf('owner/name', { allowDownload: true })).toEqual({ model: 'downloadable' });
  });

  it('are looked for anew by each subscriber, and only then', async () => {
    const pool = new ModelPool({ budget: '1 GB' });
    const facts = onnx(tiny, { pool }).facts();
    expect(await firstValueFrom(facts)).toEqual(await firstValueFrom(facts));
  });

  it('let `prefer` pass a model over that does not fit', async () => {
    const local = onnx(tiny, { pool: new ModelPool({ budget: '1 MB' }) });
    const model = prefer(local, scripted('there', { id: 'cloud', location: 'cloud' }), 'local-first');
    expect(await model.explain({ messages: [{ role: 'user', content: 'Hello' }] })).toMatchObject([
      { backend: 'cloud', passedOver: false },
      {
        backend: 'tiny-llama',
        location: 'device',
        passedOver: true,
        reasons: [expect.stringMatching(/^it takes \d+ MB of memory, and may take 1 MB$/)],
      },
    ]);
  });
});
