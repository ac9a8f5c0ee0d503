import { describe, expect, it } from 'vitest';
import type { ExecutionProvider } from '../../../src/backends/onnx/execution-provider.ts';
import { ModelError } from '../../../src/backends/onnx/model-error.ts';
import { openWithFirst } from '../../../src/backends/onnx/open-with-first.ts';

/** Opens with the processor alone, as where CUDA's libraries are missing. */
const open = async (provider: ExecutionProvider): Promise<string> => {
  if (provider === 'cpu') return 'a session';
  throw new Error(`Failed to load the library of ${provider}\nat somewhere`);
};

describe('openWithFirst', () => {
  it('takes the first that works, and keeps why those before it do not', async () => {
    expect(await openWithFirst(['dml', 'cuda', 'cpu'], ['cuda', 'cpu'], open)).toEqual({
      session: 'a session',
      executionProvider: 'cpu',
      passedOver: [
        { executionProvider: 'dml', reason: expect.stringMatching(/^onnxruntime-node does not have it on/) },
        { executionProvider: 'cuda', reason: 'Failed to load the library of cuda' },
      ],
    });
  });

  it('fails with the reason of each where none works, and says what would', async () => {
    await expect(openWithFirst(['cuda'], ['cuda', 'cpu'], open)).rejects.toThrow(
      /^Expected one of the execution providers cuda .* cuda: Failed to load .*\. Add 'cpu' behind them/,
    );
  });

  it('tries no other where the model is at fault', async () => {
    const tried: string[] = [];
    const opened = openWithFirst(['cuda', 'cpu'], ['cuda', 'cpu'], async (provider) => {
      tried.push(provider);
      throw new ModelError('Expected a model, received none');
    });
    await expect(opened).rejects.toThrow('Expected a model, received none');
    expect(tried).toEqual(['cuda']);
  });
});
