import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveScreen } from '../../../examples/terminal/live-screen.ts';
import { makePaint } from '../../../examples/terminal/paint.ts';
import { FakeTerminal } from '../../support/fake-terminal.ts';

const open = (columns: number, rows: number) => {
  const terminal = new FakeTerminal(columns, rows);
  return { terminal, screen: new LiveScreen(terminal, makePaint(true)) };
};

const drawn = () => vi.advanceTimersByTime(50);

describe('LiveScreen', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('lets blocks grow side by side', () => {
    const { terminal, screen } = open(40, 12);
    const [a, b] = [screen.open('a'), screen.open('b')];
    drawn();
    expect(terminal.screen).toEqual(['  a', '    …', '  b', '    …', '']);
    b.write('one');
    a.write('uno');
    drawn();
    b.write(' two');
    drawn();
    expect(terminal.screen).toEqual(['  a', '    uno', '  b', '    one two', '']);
  });

  it('keeps the order in which blocks were opened when a later one is done first', () => {
    const { terminal, screen } = open(40, 12);
    const [a, b] = [screen.open('a'), screen.open('b')];
    b.write('two');
    b.end();
    drawn();
    a.write('one');
    a.end();
    screen.print('after');
    screen.close();
    expect(terminal.everything).toBe('  a\n    one\n  b\n    two\nafter');
  });

  it('wraps long answers, and draws them again in place', () => {
    const { terminal, screen } = open(21, 12);
    const [a, b] = [screen.open('a'), screen.open('b')];
    for (const word of ['The', ' largest', ' reef', ' in', ' the', ' world']) {
      a.write(word);
      b.write(word);
      drawn();
    }
    const lines = ['    The largest reef', '    in the world'];
    expect(terminal.screen).toEqual(['  a', ...lines, '  b', ...lines, '']);
  });

  it('never draws more rows than the terminal has, and prints in full what is done', () => {
    const { terminal, screen } = open(30, 6);
    screen.print('above');
    const [a, b] = [screen.open('a'), screen.open('b')];
    const words = Array.from({ length: 9 }, (_, n) => `line ${n}`);
    for (const word of words) {
      a.line(word, 'plain');
      b.line(word, 'plain');
      drawn();
    }
    expect(terminal.screen).toEqual(['  a', '    line 7', '    line 8', '  b', '    line 8', '']);
    a.end();
    b.end();
    screen.close();
    const block = (title: string) => [`  ${title}`, ...words.map((word) => `    ${word}`)];
    expect(terminal.everything.split('\n')).toEqual(['above', ...block('a'), ...block('b')]);
  });

  it.each([
    ['narrower', 24, 12],
    ['wider', 70, 12],
    ['lower', 40, 6],
  ])('draws afresh when the terminal becomes %s', (_, columns, rows) => {
    const { terminal, screen } = open(40, 12);
    screen.print('A heading that has more than twenty characters');
    const [a, b] = [screen.open('a'), screen.open('b')];
    for (const block of [a, b]) block.write('What was written before the size changed');
    drawn();
    terminal.resize(columns, rows);
    drawn();
    for (const block of [a, b]) block.write(', and after');
    drawn();
    const other = open(columns, rows);
    other.screen.print('A heading that has more than twenty characters');
    for (const title of ['a', 'b'])
      other.screen.open(title).write('What was written before the size changed, and after');
    drawn();
    expect(terminal.screen).toEqual(other.terminal.screen);
  });

  it('shows the status of a block until something is written', () => {
    const { terminal, screen } = open(40, 12);
    const block = screen.open('a');
    block.status('10 %');
    drawn();
    expect(terminal.screen).toEqual(['  a', '    10 %', '']);
    block.status('20 %');
    drawn();
    expect(terminal.screen).toEqual(['  a', '    20 %', '']);
    block.write('one');
    block.status('30 %');
    drawn();
    expect(terminal.screen).toEqual(['  a', '    one', '    30 %', '']);
    block.end();
    screen.close();
    expect(terminal.everything).toBe('  a\n    one');
  });

  it('hides the cursor, and shows it again when it is closed', () => {
    const { terminal, screen } = open(40, 12);
    expect(terminal.cursorShown).toBe(false);
    screen.open('a').write('half');
    screen.close();
    screen.close();
    expect(terminal.cursorShown).toBe(true);
    expect(terminal.screen).toEqual(['  a', '    half', '']);
    expect(terminal.listenerCount('resize')).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not put off by what a reader types', () => {
    const { terminal, screen } = open(40, 12);
    const block = screen.open('a');
    block.write('half');
    drawn();
    terminal.write('^C');
    screen.close();
    expect(terminal.screen).toEqual(['  a', '    half', '']);
  });

  it('draws at most every 40 ms', () => {
    const { terminal, screen } = open(40, 12);
    const block = screen.open('a');
    const write = vi.spyOn(terminal, 'write');
    for (let ms = 0; ms < 400; ms++) {
      block.write('x');
      vi.advanceTimersByTime(1);
    }
    expect(write.mock.calls.length).toBeLessThanOrEqual(10);
  });

  it('lets no code of an answer reach the terminal', () => {
    const { terminal, screen } = open(40, 12);
    const block = screen.open('a\u001b[2J');
    block.write('\u001b[2Jx');
    block.end();
    screen.close();
    expect(terminal.screen).toEqual(['  a␛[2J', '    ␛[2Jx', '']);
  });
});
