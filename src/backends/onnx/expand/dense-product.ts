import { write } from '../protobuf/write.ts';

/** A product with a matrix in single precision, of the shape [rows, columns]. */
export type DenseProduct = {
  /** What is multiplied, and the product. */
  readonly input: string;
  readonly output: string;
  readonly rows: number;
  readonly columns: number;
  /** The name of the matrix, which is an input of the graph. */
  readonly matrix: string;
};

/** The fields that a product has in a graph: its node, and its matrix as an input. */
export const denseProduct = {
  /** ONNX Runtime's product with a matrix that lies transposed, as quantised ones do. */
  node: ({ input, matrix, output }: DenseProduct): Uint8Array =>
    write.bytes(
      1,
      write.text(1, input),
      write.text(1, matrix),
      write.text(2, output),
      write.text(4, 'FusedMatMul'),
      write.bytes(5, write.text(1, 'transB'), write.number(3, 1), write.number(20, 2)),
      write.text(7, 'com.microsoft'),
    ),
  input: ({ rows, columns, matrix }: DenseProduct): Uint8Array => {
    const shape = [rows, columns].map((size) => write.bytes(1, write.number(1, size)));
    const floats = write.bytes(1, write.number(1, 1), write.bytes(2, ...shape));
    return write.bytes(11, write.text(1, matrix), write.bytes(2, floats));
  },
};
