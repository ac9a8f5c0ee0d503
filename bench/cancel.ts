import { interleave } from './interleave.ts';
import { median } from './median.ts';
import { openQuestions, type Question } from './questions.ts';
import { atMost, type Report } from './report.ts';
import type { Aftermath, Patience } from './sides/orders.ts';
import type { Side } from './sides/start-side.ts';
import { startSides } from './sides/start-sides.ts';

/** A reader who leaves. */
type Departure = {
  readonly name: string;
  readonly patience: Patience;
  /** Whether transformers.js is told: it can be between two tokens, and not in a prompt. */
  readonly tells: readonly boolean[];
  readonly ask: () => Question;
};

/**
 * What the embedded model goes on to do after its reader left, in the middle of an answer and in the middle of a prompt,
 * beside transformers.js, told to stop or not. The runs of the model are counted where it runs; one that is on its way
 * when the reader leaves counts.
 */
export const cancel = async (report: Report, quick: boolean): Promise<void> => {
  const questions = await openQuestions();
  const sides = await startSides(['millrace', 'transformers.js'], questions, { watched: true });
  const departures: readonly Departure[] = [
    { name: 'in an answer', patience: { tokens: 20 }, tells: [true, false], ask: () => questions.ofLength(128, 80) },
    { name: 'in a prompt', patience: { milliseconds: 300 }, tells: [true], ask: () => questions.ofLength(2048, 8) },
  ];
  for (const departure of departures) await compare(report, sides, departure, quick ? 1 : 5);
  for (const side of sides) await side.close();
};

const compare = async (report: Report, sides: readonly Side[], departure: Departure, rounds: number): Promise<void> => {
  const [millrace, peer] = sides as readonly [Side, Side];
  const turns = [
    { name: 'millrace', side: millrace, tells: true },
    ...departure.tells.map((tells) => ({
      name: `transformers.js, ${tells ? 'told to stop' : 'not told'}`,
      side: peer,
      tells,
    })),
  ];
  const [ours = [], ...others] = await interleave(turns, rounds, ({ side, tells }) =>
    side.leave(departure.ask(), departure.patience, tells),
  );
  const inAnswer = 'tokens' in departure.patience;
  others.forEach((theirs, index) => {
    const row = (name: string, unit: string, figure: (all: readonly Aftermath[]) => number) => ({
      bench: 'cancel',
      case: `${departure.name}, ${name}`,
      ours: figure(ours),
      peer: figure(theirs),
      peerName: turns[index + 1]?.name ?? null,
      unit,
    });
    const most = (all: readonly Aftermath[]) => Math.max(...all.map(({ tokens }) => tokens));
    report({
      ...row('computed after the reader left, at most', 'tokens', most),
      ...(inAnswer && { bar: atMost(1, 'ours') }),
    });
    report(row('time until the model rests', 'ms', (all) => median(all.map(({ rest }) => rest))));
    // Where a prompt keeps the main thread busy, there is nobody to note the time that was used before.
    if (inAnswer)
      report(row('processor time afterwards', 'ms', (all) => median(all.map(({ processor }) => processor))));
  });
};
