import { describe, expect, it } from 'vitest';
import { neverFits } from '../../../../src/backends/onnx/pool/never-fits.ts';

const parts = { weights: 10e6, expandedWeights: 0, cache: 20e6, activations: 1e6, logits: 1e6, runtime: 5e6 };

describe('neverFits', () => {
  it('lists what a model takes, and what to do', () => {
    expect(neverFits('small', { ...parts, total: 37e6 }, 30e6).message).toBe(
      "Expected a model that fits into its pool's budget of 30 MB, received small, which takes 37 MB (weights 10 MB, cache 20 MB, activations 1 MB, logits 1 MB, runtime 5 MB): raise the `budget`, lower `cacheTokens`, or take a smaller model",
    );
  });

  it('names the weights that were expanded on demand', () => {
    const { message } = neverFits('small', { ...parts, expandedWeights: 40e6, total: 77e6 }, 60e6);
    expect(message).toMatch(
      /runtime 5 MB, expanded weights 40 MB\): raise the `budget`, leave out `expandWeights`, lower/,
    );
  });
});
