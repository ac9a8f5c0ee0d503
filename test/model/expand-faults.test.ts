import { afterEach, describe, expect, it, vi } from 'vitest';
import { isFaithful } from '../../src/backends/onnx/expand/is-faithful.ts';
import { openExpanded } from '../../src/backends/onnx/expand/open-expanded.ts';
import { readModelFiles } from '../../src/backends/onnx/model-files.ts';
import { ModelRunner } from '../../src/backends/onnx/model-runner.ts';
import { resolveModel } from '../../src/backends/onnx/resolve-model.ts';

vi.mock(import('../../src/backends/onnx/expand/is-faithful.ts'), { spy: true });
vi.mock(import('../../src/backends/onnx/expand/open-expanded.ts'), { spy: true });

afterEach(() => vi.resetAllMocks());

const load = async () => {
  const options = { executionProviders: ['cpu'], expandWeights: true } as const;
  return ModelRunner.load(await readModelFiles(resolveModel()), options, { slots: 1, tokens: 200 });
};

const expectAnswer = async (runner: ModelRunner) => {
  expect(runner.expanded).toBe(false);
  const ids = Array.from({ length: 80 }, (_, index) => 1000 + index);
  expect(await runner.run([{ slot: 0, from: 0, ids, keep: 1 }])).toHaveLength(runner.vocabulary);
};

describe('a model whose weights cannot be expanded', () => {
  it.each([
    ['gives other scores so', () => vi.mocked(isFaithful).mockResolvedValue(false)],
    ['fails so', () => vi.mocked(isFaithful).mockRejectedValue(new Error('Non-zero status code returned'))],
    ['does not open so', () => vi.mocked(openExpanded).mockRejectedValue(new RangeError('allocation failed'))],
  ])('does everything by itself where it %s', async (_, fault) => {
    fault();
    await expectAnswer(await load());
  });
});
