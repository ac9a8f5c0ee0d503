import type { Amounts } from './flow-sides/leave-early.ts';
import { type FlowSideName, type StartedFlowSide, startFlowSide } from './flow-sides/start-flow-side.ts';
import { interleave } from './interleave.ts';
import { median } from './median.ts';
import { peerEntry } from './peer-entry.ts';
import { atMost, type Report, type Row } from './report.ts';

const total = 20_000;
const patience = 20;
/** What ours lets wait for a reader unless it is told otherwise. */
const mark = 4;
/** A turn that measures time lasts at least so many milliseconds. */
const turn = 200;

/** One of ours, and those that it is compared with, which are read as it is. */
type Heat = { readonly how: string; readonly ours: StartedFlowSide; readonly peers: readonly StartedFlowSide[] };

/**
 * What a model makes for a reader who takes 20 of 20,000 tokens, before the reader leaves and after, and what a token costs
 * on its way to a fast reader; both through six stages that pass every token on, beside peers that are read alike.
 */
export const flow = async (report: Report, quick: boolean): Promise<void> => {
  const [ours, loop, exact, free, rxjs] = await startAll([
    'millrace',
    'millrace, for await',
    'millrace, for await, nothing ahead',
    'without flow control',
    'bare RxJS',
  ]);
  const peers = await startAll(installed());

  await compareAmounts(report, { how: 'subscribed', ours, peers: [rxjs] }, quick ? 1 : 3);
  await compareAmounts(report, { how: 'for await', ours: exact, peers }, quick ? 1 : 3);
  const { before } = await loop.leave(patience, total);
  report({ ...madeBefore('for await, by default'), ours: before, ...alone, bar: atMost(patience + mark, 'ours') });

  await compareTimes(report, { how: 'subscribed', ours, peers: [rxjs] }, quick ? 1 : 15);
  await compareTimes(report, { how: 'for await', ours: loop, peers }, quick ? 1 : 5);
  await weighFlowControl(report, ours, free, quick ? 1 : 15);

  for (const side of [ours, loop, exact, free, rxjs, ...peers]) await side.close();
};

const startAll = async <const Names extends readonly FlowSideName[]>(names: Names) => {
  const sides: StartedFlowSide[] = [];
  for (const name of names) sides.push(await startFlowSide(name));
  return sides as { [Index in keyof Names]: StartedFlowSide };
};

const installed = (): readonly FlowSideName[] =>
  (['ai', '@langchain/core', '@langchain/langgraph', 'effect'] as const).filter((name) => {
    const found = peerEntry(name) !== undefined;
    if (!found) console.error(`without ${name}: it is not installed: npm install --prefix bench`);
    return found;
  });

const madeBefore = (how: string) =>
  ({ bench: 'flow', case: `made until its reader took ${patience}, ${how}`, unit: 'tokens' }) as const;
const alone: Pick<Row, 'peer' | 'peerName'> = { peer: null, peerName: null };

const compareAmounts = async (report: Report, { how, ours, peers }: Heat, rounds: number): Promise<void> => {
  const [mine = [], ...others] = await interleave([ours, ...peers], rounds, (side) => side.leave(patience, total));
  others.forEach((theirs, index) => {
    const most = (when: keyof Amounts) => ({
      ours: Math.max(...mine.map((amounts) => amounts[when])),
      peer: Math.max(...theirs.map((amounts) => amounts[when])),
      peerName: peers[index]?.name ?? null,
    });
    report({ ...madeBefore(how), ...most('before'), bar: atMost(1, 'ratio') });
    report({ ...madeBefore(how), case: `made after it left, ${how}`, ...most('after'), bar: atMost(0, 'ours') });
  });
};

const perToken = (how: string) =>
  ({ bench: 'flow', case: `per token through six operators, ${how}`, unit: 'µs' }) as const;

const compareTimes = async (report: Report, { how, ours, peers }: Heat, rounds: number): Promise<void> => {
  const [mine = [], ...others] = await interleave([ours, ...peers], rounds, (side) => side.time(total, turn));
  others.forEach((theirs, index) => {
    const times = { ours: median(mine), peer: median(theirs), peerName: peers[index]?.name ?? null };
    report({ ...perToken(how), ...times, bar: atMost(1, 'ratio') });
  });
};

/** What it costs that a reader can hold the model. */
const weighFlowControl = async (
  report: Report,
  ours: StartedFlowSide,
  free: StartedFlowSide,
  rounds: number,
): Promise<void> => {
  const [held = [], unheld = []] = await interleave([ours, free], rounds, (side) => side.time(total, turn));
  const [mine, theirs] = [median(held), median(unheld)];
  report({ ...perToken('subscribed'), ours: mine, peer: theirs, peerName: free.name });
  report({ ...perToken(''), case: 'flow control, per token', ours: mine - theirs, ...alone, bar: atMost(0.3, 'ours') });
};
