import type { Message } from '../protobuf/message.ts';

/** A product with a quantised matrix of the shape [rows, columns], as a node of a graph describes it. */
export type QuantizedMatrix = {
  /** What is multiplied, and the product. */
  readonly input: string;
  readonly output: string;
  /** The names of its tensors. Numbers are packed low bits first; `zeroPoints` is empty where the middle stands for 0. */
  readonly numbers: string;
  readonly scales: string;
  readonly zeroPoints: string;
  readonly rows: number;
  readonly columns: number;
  readonly bits: 4 | 8;
  /** How many numbers of a row share a scale. */
  readonly block: number;
};

/**
 * Reads a node of a graph as a product with a quantised matrix: ONNX Runtime's operator `MatMulNBits`, with 4 or 8 bits and
 * neither order of groups nor bias. `undefined` for any other node.
 */
export const readQuantizedMatrix = (node: Message): QuantizedMatrix | undefined => {
  if (node.text(4) !== 'MatMulNBits') return undefined;
  const [input = '', numbers = '', scales = '', zeroPoints = '', ...others] = node.texts(1);
  const attributes = new Map(node.messages(5).map((attribute) => [attribute.text(1), attribute.number(3)]));
  const [columns = 0, rows = 0, block = 0] = ['K', 'N', 'block_size'].map((name) => attributes.get(name));
  const bits = attributes.get('bits') ?? 4;
  if ((bits !== 4 && bits !== 8) || others.some((name) => name !== '')) return undefined;
  if (rows === 0 || columns === 0 || block === 0 || columns % block !== 0) return undefined;
  return { input, output: node.text(2), numbers, scales, zeroPoints, rows, columns, bits, block };
};
