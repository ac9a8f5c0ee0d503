import type { Message } from '../protobuf/message.ts';
import { type QuantizedMatrix, readQuantizedMatrix } from './quantized-matrix.ts';

/** A step of a graph. */
export type GraphNode = {
  readonly operator: string;
  /** The names of what it takes and gives; empty for what it does without. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Present where it is a product with a quantised matrix. */
  readonly matrix?: QuantizedMatrix;
};

export const readGraphNode = (node: Message): GraphNode => {
  const matrix = readQuantizedMatrix(node);
  return { operator: node.text(4), inputs: node.texts(1), outputs: node.texts(2), ...(matrix && { matrix }) };
};
