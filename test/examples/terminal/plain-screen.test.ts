import { describe, expect, it } from 'vitest';
import { makePaint } from '../../../examples/terminal/paint.ts';
import { PlainScreen } from '../../../examples/terminal/plain-screen.ts';

const open = (colour = false) => {
  const seen = { text: '' };
  const screen = new PlainScreen((text) => {
    seen.text += text;
  }, makePaint(colour));
  return { seen, screen };
};

describe('PlainScreen', () => {
  it('writes the first block as it comes', () => {
    const { seen, screen } = open();
    const block = screen.open('title');
    block.write('one');
    expect(seen.text).toBe('  title\n    one');
    block.write(' two');
    expect(seen.text).toBe('  title\n    one two');
    block.line('3 tokens', 'note');
    block.end();
    expect(seen.text).toBe('  title\n    one two\n    3 tokens\n');
  });

  it('keeps what others say until their turn comes, and loses nothing', () => {
    const { seen, screen } = open();
    const [a, b, c] = [screen.open('a'), screen.open('b'), screen.open('c')];
    c.write('c1');
    c.end();
    b.write('b1');
    a.write('a1');
    expect(seen.text).toBe('  a\n    a1');
    a.end();
    expect(seen.text).toBe('  a\n    a1\n  b\n    b1');
    b.write(' b2');
    expect(seen.text).toBe('  a\n    a1\n  b\n    b1 b2');
    b.end();
    expect(seen.text).toBe('  a\n    a1\n  b\n    b1 b2\n  c\n    c1\n');
  });

  it('prints lines in their place', () => {
    const { seen, screen } = open();
    const block = screen.open('a');
    screen.print('after');
    block.write('a1');
    block.end();
    expect(seen.text).toBe('  a\n    a1\nafter\n');
  });

  it('begins a new line where the tone changes, and indents every line', () => {
    const { seen, screen } = open();
    const block = screen.open('a');
    block.write('think', 'note');
    block.write('one\n');
    block.write('two');
    block.end();
    expect(seen.text).toBe('  a\n    think\n    one\n    two\n');
  });

  it('leaves out space at the ends of an answer', () => {
    const { seen, screen } = open();
    const block = screen.open('a');
    for (const token of ['\n', ' one', ' ', '\n\n', 'two', ' \n']) block.write(token);
    block.end();
    expect(seen.text).toBe('  a\n    one\n\n    two\n');
  });

  it('ends open lines when it is closed', () => {
    const { seen, screen } = open();
    screen.open('a').write('half');
    screen.open('b').write('other');
    screen.close();
    screen.close();
    expect(seen.text).toBe('  a\n    half\n  b\n    other\n');
  });

  it('writes colours where they are asked for, and no other code', () => {
    const { seen, screen } = open(true);
    screen.print('✗ no \u001b[2J', 'bad');
    expect(seen.text).toBe('\u001b[31m✗ no ␛[2J\u001b[0m\n');
  });
});
