import { describe, expect, it } from 'vitest';
import { crop, displayWidth, fitting } from '../../../examples/terminal/display-width.ts';

describe('displayWidth', () => {
  it.each([
    ['', 0],
    ['plain', 5],
    ['é', 1],
    ['e\u0301', 1],
    ['日本', 4],
    ['🐠', 2],
    ['👩‍🔬', 2],
    ['–…', 2],
  ])('takes %j for %i columns', (text, columns) => {
    expect(displayWidth(text)).toBe(columns);
  });

  it('crops with a mark', () => {
    expect(crop('describe', 8)).toBe('describe');
    expect(crop('describe', 5)).toBe('desc…');
    expect(crop('日本語', 4)).toBe('日…');
  });

  it('gives the longest beginning that fits', () => {
    expect(fitting('日本語', 5)).toBe('日本');
    expect(fitting('日本語', 1)).toBe('');
  });
});
