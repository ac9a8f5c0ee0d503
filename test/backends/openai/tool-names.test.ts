import { describe, expect, it } from 'vitest';
import { ToolNames } from '../../../src/backends/openai/tool-names.ts';

const allowed = /^[a-zA-Z0-9_-]{1,64}$/;

describe('ToolNames', () => {
  it('leaves alone what is allowed, wherever it stands', () => {
    const names = new ToolNames(['a.b', 'a_b', 'a_b_2']);
    expect(['a_b', 'a_b_2', 'never-named'].map(names.encode)).toEqual(['a_b', 'a_b_2', 'never-named']);
    expect(names.encode('a.b')).toBe('a_b_3');
    expect(names.decode('a_b_3')).toBe('a.b');
  });

  it('gives every name one of its own, and gives it back', () => {
    const letters = ['a', '.', '_', '2', ' '];
    const short = letters.flatMap((one) => letters.flatMap((two) => letters.map((three) => one + two + three)));
    const long = short.flatMap((end) => ['y', '.'].map((letter) => letter.repeat(62) + end));
    const all = [...short, ...long, ...long.map((name) => name.replaceAll('.', '_')), '', '.', '日本', '中国'];
    const names = new ToolNames(all);
    const encoded = all.map(names.encode);
    for (const name of encoded) expect(name).toMatch(allowed);
    expect(new Set(encoded).size).toBe(new Set(all).size);
    expect(encoded.map(names.decode)).toEqual(all);
  });
});
