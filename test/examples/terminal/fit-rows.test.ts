import { describe, expect, it } from 'vitest';
import { fitRows } from '../../../examples/terminal/fit-rows.ts';

const block = (name: string, lines: number) => [name, ...Array.from({ length: lines }, (_, n) => `${name}${n + 1}`)];

describe('fitRows', () => {
  it('shows everything where there is room', () => {
    expect(fitRows([block('a', 2), block('b', 1)], 5)).toEqual(['a', 'a1', 'a2', 'b', 'b1']);
  });

  it('shows the title and the end of blocks that are too long', () => {
    expect(fitRows([block('a', 9), block('b', 1)], 5)).toEqual(['a', 'a8', 'a9', 'b', 'b1']);
  });

  it('shows titles alone where there is no more room', () => {
    expect(fitRows([block('a', 3), block('b', 3), block('c', 3)], 3)).toEqual(['a', 'b', 'c']);
  });

  it('counts the blocks for which there is no row', () => {
    expect(fitRows([block('a', 3), block('b', 3), block('c', 3)], 2)).toEqual(['a', '  … and 2 more']);
  });

  it('never takes more rows than there are', () => {
    for (let rows = 0; rows < 12; rows++) {
      expect(fitRows([block('a', 5), block('b', 0), block('c', 2)], rows).length).toBeLessThanOrEqual(rows);
    }
  });
});
