import { describe, expect, it } from 'vitest';
import { formatValue } from '../../../examples/terminal/format-value.ts';

describe('formatValue', () => {
  it.each([
    [' a text\n', 'a text'],
    [12, '12'],
    [null, 'null'],
    [undefined, 'undefined'],
    [['a', { b: 1 }], '["a",{"b":1}]'],
    [{ title: ' Reef ', count: 3, list: [1, 2] }, 'title: Reef\ncount: 3\nlist: [1,2]'],
  ])('shows %j', (value, shown) => {
    expect(formatValue(value)).toBe(shown);
  });
});
