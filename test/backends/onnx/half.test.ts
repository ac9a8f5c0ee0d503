import { describe, expect, it } from 'vitest';
import { fromHalf } from '../../../src/backends/onnx/half.ts';

describe('fromHalf', () => {
  it.each([
    [0x0000, 0],
    [0x8000, -0],
    [0x3c00, 1],
    [0xc000, -2],
    [0x3555, 0.333251953125],
    [0x7bff, 65_504],
    [0x0001, 2 ** -24],
    [0x03ff, 1023 * 2 ** -24],
    [0x0400, 2 ** -14],
    [0x7c00, Number.POSITIVE_INFINITY],
    [0xfc00, Number.NEGATIVE_INFINITY],
    [0x7e00, Number.NaN],
  ])('reads %i', (bits, number) => {
    expect(fromHalf(bits)).toBe(number);
  });

  it('grows with the bits, and mirrors them below zero', () => {
    for (let bits = 1; bits <= 0x7c00; bits++) {
      if (!(fromHalf(bits) > fromHalf(bits - 1) && fromHalf(bits | 0x8000) === -fromHalf(bits))) {
        expect.fail(`${bits}`);
      }
    }
  });
});
