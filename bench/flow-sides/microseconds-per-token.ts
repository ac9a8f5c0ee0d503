import { CountedTokens } from './counted-tokens.ts';
import type { FlowSide } from './flow-side.ts';

/** Reads `total` tokens to the end, and again until so many milliseconds have passed. */
export const microsecondsPerToken = async (side: FlowSide, total: number, milliseconds: number): Promise<number> => {
  const start = performance.now();
  let read = 0;
  do {
    const came = await side.readAll(new CountedTokens(total));
    if (came < total) throw new Error(`Expected ${total} tokens, received ${came}`);
    read += total;
  } while (performance.now() - start < milliseconds);
  return ((performance.now() - start) * 1000) / read;
};
