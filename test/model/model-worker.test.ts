import type { Worker } from 'node:worker_threads';
import { BackendError, infer } from 'millrace';
import { onnx } from 'millrace/onnx';
import { lastValueFrom, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { modelFolder } from '../support/models.ts';

/** The thread that the next new model gets. */
const nextThread = () => new Promise<Worker>((resolve) => process.once('worker', resolve));

const model = onnx(modelFolder('tiny-llama'));
const ask = (maxTokens: number) => lastValueFrom(of('x').pipe(infer(model, { maxTokens })));

describe('the thread of a model', () => {
  it('is one for requests that come together, and for those that come later', async () => {
    let threads = 0;
    const count = () => threads++;
    process.on('worker', count);
    await Promise.all([ask(2), ask(2), ask(2)]);
    await ask(2);
    process.off('worker', count);
    expect(threads).toBe(1);
  });

  it('fails its requests where it dies, in a way that can be retried, and is replaced by the next request', async () => {
    const thread = nextThread();
    const other = onnx(modelFolder('tiny-llama'), { threads: 1, id: 'mortal' });
    const answers = [1, 2].map(() =>
      lastValueFrom(of('x').pipe(infer(other, { maxTokens: 2000 }))).catch((error) => error),
    );
    // No order that it knows: what happens then is what happens with any fault of our own.
    (await thread).postMessage(null);
    for (const error of await Promise.all(answers)) {
      expect(error).toBeInstanceOf(BackendError);
      expect(error).toMatchObject({ backend: 'mortal', retryable: true });
      expect(error.message).toMatch(/^The model's thread died before its answer was whole \(.+\): ask again$/);
    }
    const finish = await lastValueFrom(of('x').pipe(infer(other, { maxTokens: 2 })));
    expect(finish).toMatchObject({ type: 'finish', usage: { output: 2 } });
  });

  it('does not die of the death of another', async () => {
    await expect(ask(2)).resolves.toMatchObject({ type: 'finish', timing: { load: 0 } });
  });
});
