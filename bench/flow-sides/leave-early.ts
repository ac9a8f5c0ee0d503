import { setImmediate, setTimeout } from 'node:timers/promises';
import { CountedTokens } from './counted-tokens.ts';
import type { FlowSide } from './flow-side.ts';

/** How many tokens a model made, up to when its reader left, and from then on. */
export type Amounts = { readonly before: number; readonly after: number };

/**
 * Reads slowly, and leaves in the end: each token only after a turn of the event loop, and the last until nothing more is
 * made.
 *
 * @param patience Tokens that are read.
 * @param total Tokens that there are.
 */
export const leaveEarly = async (side: FlowSide, patience: number, total: number): Promise<Amounts> => {
  const tokens = new CountedTokens(total);
  let read = 0;
  let before = Number.NaN;
  await side.readSome(tokens, async () => {
    await setImmediate();
    if (++read < patience) return true;
    before = await rest(tokens);
    return false;
  });
  return { before, after: (await rest(tokens)) - before };
};

/** Waits until nothing has been made for a while, and gives how much has. */
const rest = async (tokens: CountedTokens): Promise<number> => {
  for (let calm = 0, last = tokens.made; calm < 20; calm = tokens.made === last ? calm + 1 : 0) {
    last = tokens.made;
    await setTimeout(1);
  }
  return tokens.made;
};
