import { describe, expect, it } from 'vitest';
import { Recent } from '../../../src/backends/onnx/recent.ts';

describe('Recent', () => {
  it('makes what it does not have, once', () => {
    const recent = new Recent<number>(2);
    let made = 0;
    for (let turn = 0; turn < 3; turn++) expect(recent.get('a', () => ++made)).toBe(1);
    expect(recent.find('b')).toBeUndefined();
  });

  it('drops what was not asked for the longest', () => {
    const recent = new Recent<string>(2);
    recent.keep('a', 'A');
    recent.keep('b', 'B');
    expect(recent.find('a')).toBe('A');
    recent.keep('c', 'C');
    expect(['a', 'b', 'c'].map((key) => recent.find(key))).toEqual(['A', undefined, 'C']);
  });

  it('makes anew what is not good any more', () => {
    const recent = new Recent<number>(2);
    recent.keep('a', 1);
    expect(
      recent.get(
        'a',
        () => 2,
        (value) => value > 1,
      ),
    ).toBe(2);
    expect(recent.find('a')).toBe(2);
  });
});
