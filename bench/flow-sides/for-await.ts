import type { CountedTokens } from './counted-tokens.ts';
import type { FlowSide } from './flow-side.ts';

/** One whose users read with `for await`, and leave with `break`. */
export const forAwait = (
  open: (tokens: CountedTokens) => AsyncIterable<unknown> | Promise<AsyncIterable<unknown>>,
): FlowSide => ({
  readAll: async (tokens) => {
    let read = 0;
    for await (const _ of await open(tokens)) read++;
    return read;
  },
  readSome: async (tokens, next) => {
    for await (const _ of await open(tokens)) if (!(await next())) break;
  },
});
