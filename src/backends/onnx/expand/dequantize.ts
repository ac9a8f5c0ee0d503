import type { QuantizedMatrix } from './quantized-matrix.ts';

/**
 * Writes a matrix out in single precision, row after row.
 *
 * @param scales One of each block.
 * @param zeroPoints The number that means 0, of each block. Defaults to the middle.
 */
export const dequantize = (
  { rows, columns, bits, block }: Pick<QuantizedMatrix, 'rows' | 'columns' | 'bits' | 'block'>,
  numbers: Uint8Array,
  scales: Float32Array,
  zeroPoints: Uint8Array | undefined,
  matrix: Float32Array,
): void => {
  const blocks = columns / block;
  const ofRow = bits === 8 ? blocks : 2 * Math.ceil(blocks / 2);
  const write = bits === 8 ? writeBytes : writeHalfBytes;
  for (let index = 0; index < rows * blocks; index++) {
    // Those of each row begin with a whole byte.
    const at = Math.floor(index / blocks) * ofRow + (index % blocks);
    const zero = zeroPoints ? (bits === 8 ? (zeroPoints[at] as number) : halfByte(zeroPoints, at)) : 1 << (bits - 1);
    write(matrix, numbers, index * block, (index + 1) * block, zero, scales[index] as number);
  }
};

/** Writes the numbers of a block. */
type WriteBlock = (
  matrix: Float32Array,
  numbers: Uint8Array,
  from: number,
  to: number,
  zero: number,
  scale: number,
) => void;

const writeBytes: WriteBlock = (matrix, numbers, from, to, zero, scale) => {
  for (let at = from; at < to; at++) matrix[at] = ((numbers[at] as number) - zero) * scale;
};

const writeHalfBytes: WriteBlock = (matrix, numbers, from, to, zero, scale) => {
  for (let at = from; at < to; at++) matrix[at] = (halfByte(numbers, at) - zero) * scale;
};

const halfByte = (bytes: Uint8Array, index: number): number =>
  ((bytes[index >> 1] as number) >> (4 * (index & 1))) & 15;
