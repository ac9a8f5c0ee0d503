import { describe, expect, it } from 'vitest';
import { planLoad } from '../../../../src/backends/onnx/pool/plan-load.ts';
import { resolveModel } from '../../../../src/backends/onnx/resolve-model.ts';
import { modelFolder } from '../../../support/models.ts';

const options = { folder: resolveModel(), executionProviders: ['cpu'], cacheTokens: 1024 } as const;
const budget = 100e9;

describe('planLoad', () => {
  it('expands weights on a processor that is slow with bytes, where they take a quarter of the budget at most', async () => {
    const plan = await planLoad(options, budget, true);
    expect(plan.options.expandWeights).toBe(true);
    // Four bytes for each of the 103 million weights that the cache depends on, and norms and tables beside them.
    expect(plan.footprint.expandedWeights).toBeGreaterThan(412.7e6);
    expect(plan.footprint.expandedWeights).toBeLessThan(420e6);
    expect(await planLoad(options, 4 * plan.footprint.total, true)).toEqual(plan);
    const small = await planLoad(options, 4 * plan.footprint.total - 4, true);
    expect(small.options.expandWeights).toBe(false);
    expect(small.footprint.total).toBe(plan.footprint.total - plan.footprint.expandedWeights);
  });

  it('expands none on other processors, or where another provider comes first', async () => {
    expect((await planLoad(options, budget, false)).options.expandWeights).toBe(false);
    const other = { ...options, executionProviders: ['cuda', 'cpu'] } as const;
    expect((await planLoad(other, budget, true)).options.expandWeights).toBe(false);
  });

  it('does what it is told', async () => {
    expect((await planLoad({ ...options, expandWeights: true }, 1, false)).footprint.expandedWeights).toBeGreaterThan(
      0,
    );
    expect((await planLoad({ ...options, expandWeights: false }, budget, true)).footprint.expandedWeights).toBe(0);
  });

  it('takes no memory for weights that are not quantised', async () => {
    const tiny = { ...options, folder: modelFolder('tiny-llama'), expandWeights: true };
    expect((await planLoad(tiny, budget)).footprint.expandedWeights).toBe(0);
  });
});
