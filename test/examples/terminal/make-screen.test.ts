import { describe, expect, it } from 'vitest';
import { LiveScreen } from '../../../examples/terminal/live-screen.ts';
import { makeScreen } from '../../../examples/terminal/make-screen.ts';
import { PlainScreen } from '../../../examples/terminal/plain-screen.ts';
import { FakePipe, FakeTerminal } from '../../support/fake-terminal.ts';

describe('makeScreen', () => {
  it('is live in a terminal', () => {
    expect(makeScreen(new FakeTerminal(80, 24), {})).toBeInstanceOf(LiveScreen);
    expect(makeScreen(new FakeTerminal(80, 24), { NO_COLOR: '' })).toBeInstanceOf(LiveScreen);
  });

  it.each([[{ NO_COLOR: '1' }], [{ TERM: 'dumb' }], [{ NO_COLOR: '1', FORCE_COLOR: '1' }]])(
    'is plain, without any code, in a terminal with %j',
    (environment) => {
      const terminal = new FakeTerminal(80, 24);
      const screen = makeScreen(terminal, environment);
      expect(screen).toBeInstanceOf(PlainScreen);
      screen.print('a line', 'bad');
      expect(terminal.raw).toBe('a line\n');
    },
  );

  it('is plain, without any code, in a pipe', () => {
    const pipe = new FakePipe();
    makeScreen(pipe, {}).print('a line', 'bad');
    expect(pipe.text).toBe('a line\n');
  });

  it('gives a pipe colours where `FORCE_COLOR` says so', () => {
    const terminal = Object.assign(new FakeTerminal(80, 24), { isTTY: false });
    makeScreen(terminal, { FORCE_COLOR: '1' }).print('a line', 'bad');
    expect(terminal.raw).toBe('\u001b[31ma line\u001b[0m\n');
  });
});
