import { describe, expect, it } from 'vitest';
import type { GraphNode } from '../../../../src/backends/onnx/expand/graph-node.ts';
import { planExpansion } from '../../../../src/backends/onnx/expand/plan-expansion.ts';

const node = (operator: string, inputs: readonly string[], outputs: readonly string[]): GraphNode => ({
  operator,
  inputs,
  outputs,
});

const product = (input: string, weights: string, output: string): GraphNode => ({
  ...node('MatMulNBits', [input, weights, `${weights}.scales`], [output]),
  matrix: {
    input,
    output,
    numbers: weights,
    scales: `${weights}.scales`,
    zeroPoints: '',
    rows: 2,
    columns: 2,
    bits: 8,
    block: 2,
  },
});

const graph = [
  node('Gather', ['table', 'input_ids'], ['hidden']),
  product('hidden', 'qkv', 'q'),
  node('GroupQueryAttention', ['q', '', 'past', 'angles'], ['attended', 'present']),
  product('attended', 'output', 'mixed'),
  node('Norm', ['mixed', 'gain'], ['normed']),
  product('normed', 'head', 'logits'),
];
const results = ['logits', 'present'];

const plan = (isSingle = (_: string) => true) => {
  const { nodes, matrices, used } = planExpansion(graph, results, isSingle);
  return { nodes: [...nodes].sort(), matrices: [...matrices.keys()], used: [...used].sort() };
};

describe('planExpansion', () => {
  it('leaves what the cache depends on, and writes out the matrices among it', () => {
    expect(plan()).toEqual({
      nodes: [0, 1, 2],
      matrices: [1],
      used: ['', 'angles', 'input_ids', 'past', 'q', 'table'],
    });
  });

  it('leaves a matrix as it is whose scales are of another precision', () => {
    const { matrices, used } = plan((name) => name !== 'qkv.scales');
    expect(matrices).toEqual([]);
    expect(used).toEqual(expect.arrayContaining(['qkv', 'qkv.scales']));
  });

  it('follows a chain of any length', () => {
    const chain = Array.from({ length: 20_000 }, (_, index) => node('Add', [`${index}`], [`${index + 1}`]));
    expect(planExpansion(chain, ['20000'], () => true).nodes.size).toBe(20_000);
  });
});
