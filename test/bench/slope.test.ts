import { describe, expect, it } from 'vitest';
import { slope } from '../../bench/slope.ts';

describe('slope', () => {
  it('is the growth of a line, from wherever it starts', () => {
    expect(slope([0, 10, 20, 30].map((x) => [x, 7 + 3 * x] as const))).toBeCloseTo(3);
    expect(slope([0, 768].map((x) => [x, 5] as const))).toBe(0);
  });

  it('is not that of one measurement that strays at the end', () => {
    const level = [0, 1, 2, 3, 4, 5].map((x) => [x, 100] as const);
    expect(slope([...level, [6, 170]])).toBeCloseTo(7.5);
  });
});
