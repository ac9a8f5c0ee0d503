import { describe, expect, it } from 'vitest';
import { dequantize } from '../../../../src/backends/onnx/expand/dequantize.ts';

describe('dequantize', () => {
  it('gives each number its distance from zero times the scale of its block', () => {
    const matrix = new Float32Array(8);
    const shape = { rows: 2, columns: 4, bits: 8, block: 2 } as const;
    dequantize(shape, Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 255), Float32Array.of(1, 2, 3, 4), undefined, matrix);
    expect([...matrix]).toEqual([-128, -127, -252, -250, -372, -369, -488, 508]);
    dequantize(
      shape,
      Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 255),
      Float32Array.of(1, 1, 1, 1),
      Uint8Array.of(0, 1, 2, 5),
      matrix,
    );
    expect([...matrix]).toEqual([0, 1, 1, 2, 2, 3, 1, 250]);
  });

  it('reads four bits low half first, and the zero points of each row from a byte of their own', () => {
    const matrix = new Float32Array(12);
    const shape = { rows: 2, columns: 6, bits: 4, block: 2 } as const;
    const numbers = Uint8Array.of(0x10, 0x32, 0x54, 0x76, 0x98, 0xfa);
    dequantize(shape, numbers, new Float32Array(6).fill(1), undefined, matrix);
    expect([...matrix]).toEqual([-8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 7]);
    dequantize(shape, numbers, new Float32Array(6).fill(2), Uint8Array.of(0x10, 0xf2, 0x43, 0xf5), matrix);
    expect([...matrix]).toEqual([0, 2, 2, 4, 4, 6, 6, 8, 8, 10, 10, 20]);
  });
});
