import { describe, expect, it } from 'vitest';
import { type RunMode, type RunWay, selfTest } from '../../../src/backends/onnx/self-test.ts';
import type { Work } from '../../../src/backends/onnx/work.ts';
import { scoresAfter } from '../../support/letter-model.ts';

type Run = (works: readonly Work[]) => Promise<Float32Array>;

/** What a way of running does wrong. */
type Fault = {
  /** Changes the tokens of a place after a run wrote to it. */
  readonly spoil?: (tokens: number[], works: readonly Work[]) => void;
  /** Changes the scores that a run gives. */
  readonly lie?: (scores: Float32Array) => Float32Array;
  /** Fails runs of more than one piece of work, or all. */
  readonly fails?: 'together' | 'always';
};

/** A way to run a model that keeps tokens for a cache. */
const runOf = ({ spoil, lie = (scores) => scores, fails }: Fault = {}): Run => {
  const kept: number[][] = [[], []];
  return async (works) => {
    if (fails === 'always' || (fails === 'together' && works.length > 1)) throw new Error('not supported');
    const rows = works.flatMap(({ slot, from, ids, keep }) => {
      const tokens = kept[slot] as number[];
      tokens.splice(from, Number.POSITIVE_INFINITY, ...ids);
      spoil?.(tokens, works);
      return keep > 0 ? [...scoresAfter(tokens)] : [];
    });
    return lie(Float32Array.from(rows));
  };
};

/** The way that is found for a model whose modes have faults. */
const find = async (faults: Partial<Record<RunMode, Fault>>): Promise<RunWay> =>
  selfTest(({ mode }) => runOf(faults[mode]), 8);

const inPlace = { mode: 'in-place', width: 8 };
const singly = { mode: 'in-place', width: 1 };
const pingPong = { mode: 'ping-pong', width: 1 };
const plain = { mode: 'plain', width: 1 };

describe('selfTest', () => {
  it('takes the fastest way where all give the same', async () => {
    expect(await find({})).toEqual(inPlace);
  });

  it.each([
    ['together', 'runs of several fail', { fails: 'together' }, singly],
    [
      'together',
      'runs of several give the rows of another order',
      {
        lie: (scores: Float32Array) =>
          scores.length > 32 ? Float32Array.of(...scores.subarray(32), ...scores.subarray(0, 32)) : scores,
      },
      singly,
    ],
    ['at all', 'every run fails', { fails: 'always' }, pingPong],
    ['at all', 'what a run writes is dropped', { spoil: (tokens: number[]) => tokens.splice(0) }, pingPong],
    ['at all', 'a token goes astray', { spoil: (tokens: number[]) => tokens.reverse() }, pingPong],
    ['at all', 'the scores are no numbers', { lie: (scores: Float32Array) => scores.fill(Number.NaN) }, pingPong],
    ['at all', 'the scores stay empty', { lie: (scores: Float32Array) => scores.fill(0) }, pingPong],
    ['at all', 'scores are missing', { lie: (scores: Float32Array) => scores.subarray(0, 31) }, pingPong],
  ] as const)('does not run %s in place where %s', async (_, __, fault, way) => {
    expect(await find({ 'in-place': fault })).toEqual(way);
  });

  it('runs plainly where nothing else gives the same', async () => {
    const spoil = (tokens: number[]) => tokens.splice(0, 1);
    expect(await find({ 'in-place': { fails: 'always' }, 'ping-pong': { spoil } })).toEqual(plain);
  });

  it('puts up with other rounding, and with nothing more', async () => {
    const off = (share: number) => ({ lie: (scores: Float32Array) => scores.map((score) => score * (1 + share)) });
    expect(await find({ 'in-place': off(0.01) })).toEqual(inPlace);
    expect(await find({ 'in-place': off(-0.05) })).toEqual(pingPong);
  });

  it('says so where not even the plain way works', async () => {
    await expect(find({ plain: { fails: 'always' } })).rejects.toThrow('not supported');
  });

  it('tries sequences of unlike length, so that one cannot pass for the other', async () => {
    const seen: (readonly Work[])[] = [];
    await selfTest(() => {
      const run = runOf();
      return (works) => {
        seen.push(works);
        return run(works);
      };
    }, 8);
    const together = seen.filter((works) => works.length > 1);
    expect(together).toHaveLength(1);
    const [[one, other]] = together as [[Work, Work]];
    expect([one.slot, other.slot]).toEqual([0, 1]);
    expect(one.from).not.toBe(other.from);
    expect(one.ids).not.toEqual(other.ids);
  });
});
