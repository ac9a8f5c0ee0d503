/** A constant tensor of a graph. */
export type Weight = {
  /** Of its numbers, as ONNX counts them. */
  readonly type: number;
  /** How many numbers it has. */
  readonly count: number;
  /** Whether it lies in a file beside the graph, which is mapped into memory where it is read as it is. */
  readonly beside: boolean;
  /** Which operators use it, and as which of their inputs. */
  readonly uses: [operator: string, input: number][];
};

/** Bytes of a number in memory. Half precision is computed in single precision, so its weights are converted. */
const sizes: { readonly [type: number]: number } = {
  1: 4,
  2: 1,
  3: 1,
  4: 2,
  5: 2,
  6: 4,
  7: 8,
  9: 1,
  10: 4,
  11: 8,
  12: 4,
  13: 8,
  16: 4,
  21: 0.5,
  22: 0.5,
};

/** Operators whose matrix is packed anew for the processor. What is packed is dropped where nobody else uses it. */
const packing = ['MatMulNBits', 'MatMul', 'Gemm', 'MatMulInteger', 'DynamicQuantizeMatMul', 'QAttention'];

/** Operators that read some rows of a table; of one in a file beside the graph no more than these comes into memory. */
const picking = ['Gather', 'GatherBlockQuantized', 'Reshape'];

/** Bytes that the weights of a graph take once the runtime has laid them out. */
export const weightBytes = (weights: Iterable<Weight>): number => {
  let bytes = 0;
  for (const weight of weights) bytes += weight.count * (sizes[weight.type] ?? 4) * copies(weight);
  return Math.ceil(bytes);
};

const copies = ({ uses, beside }: Weight): number => {
  const isPacked = uses.some(([operator, input]) => packing.includes(operator) && input === 1);
  const isKept = uses.some(
    ([operator, input]) => !(packing.includes(operator) && input === 1) && !(beside && picking.includes(operator)),
  );
  // The scales of a packed matrix are packed with it, and so is the sum of each of their blocks.
  const isScale = uses.some(([operator, input]) => operator === 'MatMulNBits' && input === 2);
  return (isPacked ? 1 : 0) + (isKept ? 1 : 0) + (isScale ? 2 : 0);
};
