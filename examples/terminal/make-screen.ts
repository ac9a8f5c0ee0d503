import { LiveScreen, type Terminal } from './live-screen.ts';
import { makePaint } from './paint.ts';
import { PlainScreen } from './plain-screen.ts';
import type { Screen } from './screen.ts';

/** Where a screen is shown: `process.stdout`, whatever it is connected to. */
export type Output = Terminal & { readonly isTTY?: boolean };

/**
 * Makes the screen that fits: live in a terminal; plain text in a pipe, in a `dumb` terminal and wherever `NO_COLOR` is
 * set. `FORCE_COLOR` gives plain text its colours back, and nothing but these.
 */
export const makeScreen = (output: Output, environment: NodeJS.ProcessEnv): Screen => {
  const { NO_COLOR, FORCE_COLOR, TERM } = environment;
  const colourless = NO_COLOR !== undefined && NO_COLOR !== '';
  if (output.isTTY && !colourless && TERM !== 'dumb') return new LiveScreen(output, makePaint(true));
  const forced = FORCE_COLOR !== undefined && !['', '0', 'false'].includes(FORCE_COLOR);
  return new PlainScreen((text) => output.write(text), makePaint(forced && !colourless));
};
