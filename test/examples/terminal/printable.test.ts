import { describe, expect, it } from 'vitest';
import { printable } from '../../../examples/terminal/printable.ts';

describe('printable', () => {
  it('lets no escape code through', () => {
    expect(printable('a\u001b[2Jb\u0007\u009b31mc')).toBe('a␛[2Jb␇31mc');
  });

  it('keeps line breaks, and makes spaces of tabs', () => {
    expect(printable('a\r\n\tb')).toBe('a\n  b');
  });

  it('drops what would turn the direction of a line', () => {
    expect(printable('a\u202eb')).toBe('ab');
  });

  it('leaves letters of all scripts alone', () => {
    expect(printable('Grüße, 日本 🐠')).toBe('Grüße, 日本 🐠');
  });
});
