import type { GraphNode } from './graph-node.ts';
import type { QuantizedMatrix } from './quantized-matrix.ts';

/** What becomes of a graph that is to compute prompts in single precision. */
export type Expansion = {
  /** The indices of the nodes that the cache depends on. */
  readonly nodes: ReadonlySet<number>;
  /** Those of them that are products with a quantised matrix which is to be written out. */
  readonly matrices: ReadonlyMap<number, QuantizedMatrix>;
  /** The constant tensors, inputs and results that all others need. */
  readonly used: ReadonlySet<string>;
};

/**
 * Leaves of a graph what a prompt needs before its last token: all that the cache depends on, without the scores.
 *
 * @param results The outputs of the graph.
 * @param isSingle Whether a constant tensor is in single precision: only products of such scales give it.
 */
export const planExpansion = (
  all: readonly GraphNode[],
  results: readonly string[],
  isSingle: (name: string) => boolean,
): Expansion => {
  const makers = new Map(all.flatMap(({ outputs }, index) => outputs.map((name) => [name, index])));
  const nodes = new Set<number>();
  const needed = results.filter((name) => name !== 'logits');
  for (const name of needed) {
    const index = makers.get(name);
    if (name === '' || index === undefined || nodes.has(index)) continue;
    nodes.add(index);
    needed.push(...(all[index] as GraphNode).inputs);
  }
  const matrices = new Map<number, QuantizedMatrix>();
  const used = new Set<string>();
  for (const index of nodes) {
    const { matrix, inputs } = all[index] as GraphNode;
    if (matrix && isSingle(matrix.scales)) matrices.set(index, matrix);
    else for (const name of inputs) used.add(name);
  }
  return { nodes, matrices, used };
};
