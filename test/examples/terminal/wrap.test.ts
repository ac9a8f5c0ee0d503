import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../../examples/terminal/display-width.ts';
import { wrap } from '../../../examples/terminal/wrap.ts';

describe('wrap', () => {
  it('breaks at spaces', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  });

  it('keeps line breaks and empty lines', () => {
    expect(wrap('one\n\ntwo', 7)).toEqual(['one', '', 'two']);
  });

  it('cuts a word that is longer than a line', () => {
    expect(wrap('a extraordinarily b', 6)).toEqual(['a', 'extrao', 'rdinar', 'ily b']);
  });

  it('keeps the indent of a line', () => {
    expect(wrap('  one two', 6)).toEqual(['  one', 'two']);
  });

  it('counts wide characters as two columns and keeps accents with their letters', () => {
    expect(wrap('日本語の本', 4)).toEqual(['日本', '語の', '本']);
    expect(wrap('ee\u0301e', 2)).toEqual(['ee\u0301', 'e']);
  });

  it('makes progress where not even one character fits', () => {
    expect(wrap('日本', 1)).toEqual(['日', '本']);
    expect(wrap('ab', 0)).toEqual(['a', 'b']);
  });

  it.each([3, 7, 20, 61])('never exceeds %i columns', (columns) => {
    const text = 'The 日本 reef — 2,300 km long — isn’t dead,   though it   starves.\n\tIncomprehensibilities 🐠🐠🐠';
    for (const line of wrap(text, columns)) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    const bare = (value: string) => value.replaceAll(/\s/g, '');
    expect(bare(wrap(text, columns).join(''))).toBe(bare(text));
  });
});
