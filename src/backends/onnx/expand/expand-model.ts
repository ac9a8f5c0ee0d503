import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sparseNumbers } from '../cache-tensor.ts';
import { Message } from '../protobuf/message.ts';
import { replaceFields } from '../protobuf/replace-fields.ts';
import { write } from '../protobuf/write.ts';
import { type DenseProduct, denseProduct } from './dense-product.ts';
import { dequantize } from './dequantize.ts';
import { readGraphNode } from './graph-node.ts';
import { GraphTensors } from './graph-tensors.ts';
import { type Expansion, planExpansion } from './plan-expansion.ts';
import type { QuantizedMatrix } from './quantized-matrix.ts';

/** A matrix of the shape [rows, columns], row after row. */
export type Matrix = { readonly rows: number; readonly columns: number; readonly numbers: Float32Array };

/** A model in the ONNX format that computes prompts, and its matrices by the names of the inputs that they are. */
export type ExpandedModel = { readonly model: Uint8Array; readonly matrices: ReadonlyMap<string, Matrix> };

/** The number of ONNX for single precision. */
const single = 1;

/**
 * Makes of a model one that computes prompts: its quantised matrices are in single precision, and what gives scores is left
 * out. A matrix of another kind stays as it is. They are inputs of the graph, since those are read where they lie; of its own
 * weights the runtime makes copies, of which the C library keeps many when the model is gone.
 *
 * @param path The .onnx file.
 * @returns `undefined` where there is nothing to write out.
 */
export const expandModel = async (path: string): Promise<ExpandedModel | undefined> => {
  const model = await readFile(path);
  const [graph = new Message(new Uint8Array())] = new Message(model).messages(7);
  const tensors = new GraphTensors(dirname(path), graph);
  const results = graph.messages(12).map((result) => result.text(1));
  const expansion = planExpansion(
    graph.messages(1).map(readGraphNode),
    results,
    (name) => tensors.type(name) === single,
  );
  if (expansion.matrices.size === 0) return undefined;
  const desk = new Desk(Math.max(...[...expansion.matrices.values()].map(({ rows, columns }) => rows * columns)));
  const products = new Map<number, DenseProduct>();
  const matrices = new Map<string, Matrix>();
  try {
    for (const [index, quantized] of expansion.matrices) {
      const matrix = `expanded.${index}`;
      products.set(index, { ...quantized, matrix });
      const { rows, columns } = quantized;
      const numbers = sparseNumbers('float32', rows * columns) as Float32Array;
      numbers.set(await writeOut(quantized, tensors, desk));
      matrices.set(matrix, { rows, columns, numbers });
    }
  } finally {
    await tensors.close();
  }
  return { model: rewrite(model, expansion, products), matrices };
};

/** Room for one matrix at a time: memory of many sizes would stay with the C library in pieces. */
class Desk {
  readonly numbers: Uint8Array;
  readonly scales: Float32Array<ArrayBuffer>;
  readonly zeroPoints: Uint8Array;
  readonly matrix: Float32Array;

  constructor(size: number) {
    this.numbers = new Uint8Array(size);
    this.scales = new Float32Array(size);
    this.zeroPoints = new Uint8Array(size);
    this.matrix = new Float32Array(size);
  }
}

/** A matrix, until the desk is used again. */
const writeOut = async (quantized: QuantizedMatrix, tensors: GraphTensors, desk: Desk): Promise<Float32Array> => {
  const bytes = new Uint8Array(desk.scales.buffer);
  const numbers = await tensors.read(quantized.numbers, desk.numbers);
  const scales = await tensors.read(quantized.scales, bytes);
  const zeroPoints = await tensors.read(quantized.zeroPoints, desk.zeroPoints);
  if (!numbers || !scales || (quantized.zeroPoints !== '' && !zeroPoints)) throw new Error('a matrix without numbers');
  // In the .onnx file they may lie anywhere; numbers of single precision may not.
  bytes.set(scales);
  const matrix = desk.matrix.subarray(0, quantized.rows * quantized.columns);
  dequantize(quantized, numbers, desk.scales, zeroPoints, matrix);
  return matrix;
};

const rewrite = (
  model: Uint8Array,
  { nodes, used }: Expansion,
  products: ReadonlyMap<number, DenseProduct>,
): Uint8Array => {
  const nothing = new Uint8Array();
  const toNode = (_: Uint8Array, index: number) => {
    const product = products.get(index);
    return product ? denseProduct.node(product) : nodes.has(index) ? undefined : nothing;
  };
  const unlessNamed = (isLeft: (name: string) => boolean, field: number) => (content: Uint8Array) =>
    isLeft(new Message(content).text(field)) ? undefined : nothing;
  const toGraph = (graph: Uint8Array) => {
    const others = replaceFields(graph, {
      1: toNode,
      5: unlessNamed((name) => used.has(name), 8),
      12: unlessNamed((name) => name !== 'logits', 1),
    });
    return write.bytes(7, ...others, ...[...products.values()].map(denseProduct.input));
  };
  return Buffer.concat(replaceFields(model, { 7: toGraph }));
};
