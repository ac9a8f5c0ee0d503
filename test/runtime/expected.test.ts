import { describe, expect, it } from 'vitest';
import { expected } from '../../src/runtime/expected.ts';

describe('expected', () => {
  it.each([
    ['text', '"text"'],
    [1.5, '1.5'],
    [undefined, 'undefined'],
    [null, 'null'],
    [() => 1, 'a function'],
    [[1, 2], 'an array of 2'],
    [{ a: 1, b: 2 }, 'an object with the keys a, b'],
    [{}, 'an object without keys'],
    [Promise.resolve(1), 'a promise'],
    [1n, '1'],
    [Symbol('s'), 'Symbol(s)'],
  ])('describes %s', (value, description) => {
    expect(expected('`x`', 'a y', value)).toBe(`Expected \`x\` to be a y, received ${description}`);
  });
});
