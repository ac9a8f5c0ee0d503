import type { Work } from './work.ts';

/**
 * How a model's cache is kept. `in-place`: the model reads and writes it where it lies, and many sequences can be
 * computed in one run. `ping-pong`: the model writes it anew with each run, into one of two places in turns. `plain`: the
 * runtime copies it.
 */
export type RunMode = 'in-place' | 'ping-pong' | 'plain';

/** What works on a model: the mode, and how many sequences one run can compute a token each of. */
export type RunWay = { readonly mode: RunMode; readonly width: number };

type Run = (works: readonly Work[]) => Promise<Float32Array>;

/** Two sequences of different length, and what follows them. */
const beginnings = [
  [1, 2, 3, 4, 5],
  [6, 7],
];
const followers = [8, 9];

/**
 * Finds the fastest way to run a model that gives the scores of the plain way, which any decoder with a cache can do.
 *
 * @param make Gives the run function of a way, with an empty cache for two sequences.
 * @param places How many sequences are computed side by side.
 */
export const selfTest = async (make: (way: RunWay) => Run, places: number): Promise<RunWay> => {
  const expected = await singly(make({ mode: 'plain', width: 1 }));
  const ways = [
    { way: { mode: 'in-place', width: places }, writes: together },
    { way: { mode: 'in-place', width: 1 }, writes: singly },
    { way: { mode: 'ping-pong', width: 1 }, writes: singly },
  ] as const;
  for (const { way, writes } of ways) {
    const scores = await writes(make(way)).catch(() => undefined);
    if (scores && areAlike(scores, expected)) return way;
  }
  return { mode: 'plain', width: 1 };
};

const begin = async (run: Run): Promise<void> => {
  for (const [slot, ids] of beginnings.entries()) await run([{ slot, from: 0, ids, keep: 0 }]);
};

const follow = (slot: number): Work => ({
  slot,
  from: (beginnings[slot] as number[]).length,
  ids: [followers[slot] as number],
  keep: 1,
});

const singly = async (run: Run): Promise<readonly number[]> => {
  await begin(run);
  const first = await run([follow(0)]);
  const scores = [...first];
  return [...scores, ...(await run([follow(1)]))];
};

const together = async (run: Run): Promise<readonly number[]> => {
  await begin(run);
  return [...(await run([follow(0), follow(1)]))];
};

/** Kernels for other shapes round otherwise; a cache that went astray gives other scores altogether. */
const areAlike = (scores: readonly number[], expected: readonly number[]): boolean => {
  const largest = expected.reduce((most, score) => Math.max(most, Math.abs(score)), 0);
  return (
    scores.length === expected.length &&
    scores.every((score, index) => Math.abs(score - (expected[index] as number)) <= largest / 50)
  );
};
