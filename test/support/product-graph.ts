import { write } from '../../src/backends/onnx/protobuf/write.ts';

/** A product with a quantised matrix, as a graph has it. */
export type Product = {
  readonly bits: 4 | 8;
  readonly rows: number;
  readonly columns: number;
  readonly block: number;
  readonly numbers: Uint8Array;
  readonly scales: Float32Array;
  readonly zeroPoints?: Uint8Array;
  /** The file that the numbers lie in, from an offset on. Defaults to the graph itself. */
  readonly file?: { readonly name: string; readonly offset: number };
};

const [float, byte] = [1, 2];

/** The bytes of a model in the ONNX format that multiplies `x` with a matrix. Its scores are the product once more. */
export const productGraph = ({
  bits,
  rows,
  columns,
  block,
  numbers,
  scales,
  zeroPoints,
  file,
}: Product): Uint8Array => {
  const blocks = columns / block;
  const attributes = { K: columns, N: rows, bits, block_size: block, accuracy_level: 1 };
  const multiply = (name: string) =>
    node('MatMulNBits', ['x', 'numbers', 'scales', ...(zeroPoints ? ['zeroPoints'] : [])], [name], attributes);
  const shape = [rows, blocks, (block * bits) / 8];
  const graph = write.bytes(
    7,
    multiply('present'),
    multiply('logits'),
    write.text(2, 'product'),
    file ? beside('numbers', byte, shape, file, numbers.length) : inside('numbers', byte, shape, numbers),
    inside('scales', float, [rows * blocks], new Uint8Array(scales.buffer)),
    ...(zeroPoints ? [inside('zeroPoints', byte, [zeroPoints.length], zeroPoints)] : []),
    value(11, 'x', ['length', columns]),
    value(12, 'logits', ['length', rows]),
    value(12, 'present', ['length', rows]),
  );
  return Buffer.concat([
    write.number(1, 10),
    graph,
    write.bytes(8, write.text(1, ''), write.number(2, 21)),
    write.bytes(8, write.text(1, 'com.microsoft'), write.number(2, 1)),
  ]);
};

const node = (
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: { readonly [name: string]: number },
): Uint8Array =>
  write.bytes(
    1,
    ...inputs.map((name) => write.text(1, name)),
    ...outputs.map((name) => write.text(2, name)),
    write.text(4, operator),
    ...Object.entries(attributes).map(([name, value]) =>
      write.bytes(5, write.text(1, name), write.number(3, value), write.number(20, 2)),
    ),
    write.text(7, 'com.microsoft'),
  );

const head = (name: string, type: number, shape: readonly number[]): readonly Uint8Array[] => [
  ...shape.map((size) => write.number(1, size)),
  write.number(2, type),
  write.text(8, name),
];

const inside = (name: string, type: number, shape: readonly number[], bytes: Uint8Array): Uint8Array =>
  write.bytes(5, ...head(name, type, shape), write.bytes(9, bytes));

const beside = (
  name: string,
  type: number,
  shape: readonly number[],
  file: { readonly name: string; readonly offset: number },
  length: number,
): Uint8Array =>
  write.bytes(
    5,
    ...head(name, type, shape),
    ...Object.entries({ location: file.name, offset: file.offset, length }).map(([key, value]) =>
      write.bytes(13, write.text(1, key), write.text(2, String(value))),
    ),
    write.number(14, 1),
  );

const value = (field: number, name: string, shape: readonly (number | string)[]): Uint8Array => {
  const sizes = shape.map((size) =>
    write.bytes(1, typeof size === 'number' ? write.number(1, size) : write.text(2, size)),
  );
  return write.bytes(
    field,
    write.text(1, name),
    write.bytes(2, write.bytes(1, write.number(1, 1), write.bytes(2, ...sizes))),
  );
};
