import { describe, expect, it } from 'vitest';
import { interleave } from '../../bench/interleave.ts';

describe('interleave', () => {
  it('begins each round with another one, after a round that does not count', async () => {
    const turns: string[] = [];
    const results = await interleave(['a', 'b', 'c'], 2, async (name, round) => {
      turns.push(`${name}${round}`);
      return round;
    });
    expect(turns).toEqual(['a0', 'b0', 'c0', 'b1', 'c1', 'a1', 'c2', 'a2', 'b2']);
    expect(results).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
  });

  it('waits for one before the next begins', async () => {
    let running = 0;
    await interleave(['a', 'b'], 1, async () => {
      expect(++running).toBe(1);
      await Promise.resolve();
      running--;
    });
  });
});
