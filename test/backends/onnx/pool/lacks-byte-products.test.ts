import { describe, expect, it } from 'vitest';
import { lacksByteProducts } from '../../../../src/backends/onnx/pool/lacks-byte-products.ts';

const processor = (flags: string) => `processor\t: 0\nmodel name\t: any\nflags\t\t: fpu ${flags} sse\nbugs\t\t: none\n`;

describe('lacksByteProducts', () => {
  it.each([
    ['AVX2 alone', processor('avx avx2 fma'), true],
    ['AVX-512 without them', processor('avx2 avx512f avx512bw'), true],
    ['those of AVX-512', processor('avx2 avx512f avx512_vnni'), false],
    ['those of AVX', processor('avx2 avx_vnni'), false],
    ['nothing that says', 'processor\t: 0\nFeatures\t: asimd asimddp\n', false],
    ['no description', '', false],
  ])('of a processor with %s', (_, description, expected) => {
    expect(lacksByteProducts(description)).toBe(expected);
  });

  it('tells of this one', () => {
    expect(typeof lacksByteProducts()).toBe('boolean');
  });
});
