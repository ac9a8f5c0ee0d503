import { totalmem } from 'node:os';
import { describe, expect, it } from 'vitest';
import { defaultBudget } from '../../../../src/backends/onnx/pool/default-budget.ts';

describe('the budget of a pool that nobody gave one', () => {
  it.each([
    ['what the machine has', { total: 16e9, constrained: 0 }, 8e9],
    ['what the machine has, where the limit says that there is none', { total: 16e9, constrained: 2 ** 64 }, 8e9],
    ['what the container may have', { total: 16e9, constrained: 4e9 }, 2e9],
  ])('is half of %s', (_, memory, budget) => {
    expect(defaultBudget(memory)).toBe(budget);
  });

  it('is found on this machine', () => {
    expect(defaultBudget()).toBeGreaterThan(1e6);
    expect(defaultBudget()).toBeLessThanOrEqual(totalmem() / 2);
  });
});
