import { describe, expect, it } from 'vitest';
import { CountedTokens } from '../../bench/flow-sides/counted-tokens.ts';
import type { FlowSide } from '../../bench/flow-sides/flow-side.ts';
import { forAwait } from '../../bench/flow-sides/for-await.ts';
import { leaveEarly } from '../../bench/flow-sides/leave-early.ts';
import { microsecondsPerToken } from '../../bench/flow-sides/microseconds-per-token.ts';
import { openMillrace, openMillraceLoop, openMillraceWithoutFlowControl } from '../../bench/flow-sides/millrace.ts';
import { openRxjs } from '../../bench/flow-sides/rxjs.ts';

const total = 200;
/** A reader that leaves, of a model that makes one token more when it notices. */
const late = forAwait((tokens) => ({
  [Symbol.asyncIterator]: () => {
    const made = tokens.as((text) => text);
    return { next: () => made.next(), return: () => made.next() };
  },
}));

const sides: readonly (readonly [string, FlowSide, before: number, after: number])[] = [
  ['ours', openMillrace(), 20, 0],
  ['ours, for await', openMillraceLoop(), 24, 0],
  ['ours, for await, nothing ahead', openMillraceLoop({ highWaterMark: 0 }), 20, 0],
  ['ours without flow control', openMillraceWithoutFlowControl(), total, 0],
  ['bare RxJS', openRxjs(), total, 0],
  ['one that is late', late, 20, 1],
];

describe('the sides of the flow bench', () => {
  it.each(sides)('counts what is made for a slow reader: %s', async (_, side, before, after) => {
    expect(await leaveEarly(side, 20, total)).toEqual({ before, after });
  });

  it.each(sides)('reads every token: %s', async (_, side) => {
    const tokens = new CountedTokens(total);
    expect(await side.readAll(tokens)).toBeGreaterThanOrEqual(total);
    expect(tokens.made).toBe(total);
  });

  it('gives no time for tokens that did not come', async () => {
    const lossy: FlowSide = { ...openRxjs(), readAll: async () => total - 1 };
    await expect(microsecondsPerToken(lossy, total, 1)).rejects.toThrow(`Expected ${total} tokens, received 199`);
    expect(await microsecondsPerToken(openRxjs(), total, 1)).toBeGreaterThan(0);
  });
});
