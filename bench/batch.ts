import { interleave } from './interleave.ts';
import { median } from './median.ts';
import { openQuestions } from './questions.ts';
import { atLeast, atMost, type Report } from './report.ts';
import type { Answer } from './sides/answer.ts';
import { startSides } from './sides/start-sides.ts';

const length = 64;
const places = 8;

/**
 * Eight requests at once on the embedded model, beside one request, and beside llama.cpp with eight sequences: tokens per
 * second while all of them are being written, and from the question to the last answer; and how long the main thread is
 * kept waiting meanwhile.
 */
export const batch = async (report: Report, quick: boolean): Promise<void> => {
  const questions = await openQuestions();
  const [millrace, llama] = await startSides(['millrace', 'llama.cpp'], questions, { places, context: 256 });
  if (millrace === undefined) return;
  const ask = (count: number) => Array.from({ length: count }, () => questions.ofLength(length, quick ? 32 : 96));
  const turns = [
    { side: millrace, count: 1 },
    { side: millrace, count: places },
    ...(llama ? [{ side: llama, count: places }] : []),
  ];
  const [one = [], eight = [], theirs] = await interleave(turns, quick ? 1 : 3, async ({ side, count }) =>
    speeds(await side.answer(ask(count))),
  );

  const row = (figure: keyof Speeds, peer: readonly Speeds[], peerName: string) =>
    report({
      bench: 'batch',
      case: `eight requests at once, ${names[figure]}`,
      ours: median(eight.map((speed) => speed[figure])),
      peer: median(peer.map((speed) => speed[figure])),
      peerName,
      unit: 'tokens/s',
      ...(figure === 'writing' && { bar: atLeast(2.5, 'ratio') }),
    });
  for (const figure of ['writing', 'whole'] as const) {
    row(figure, one, 'one request');
    if (theirs) row(figure, theirs, 'llama.cpp, eight sequences');
  }
  const ours = await millrace.delay(ask(places));
  report({
    bench: 'batch',
    case: 'event-loop delay with eight requests, 99th percentile',
    ours,
    peer: llama ? await llama.delay(ask(places)) : null,
    peerName: llama ? 'llama.cpp, eight sequences' : null,
    unit: 'ms',
    bar: atMost(5, 'ours'),
  });
  await millrace.close();
  await llama?.close();
};

/** Tokens per second. */
type Speeds = {
  /** While all of the answers are being written. */
  readonly writing: number;
  /** From the first question to the end of the last answer. */
  readonly whole: number;
};

const names = { writing: 'while all are written', whole: 'prompts included' };

const speeds = (answers: readonly Answer[]): Speeds => {
  const from = Math.max(...answers.map(({ times }) => times[0] ?? Number.NaN));
  const to = Math.min(...answers.map(({ times }) => times.at(-1) ?? Number.NaN));
  const written = answers.flatMap(({ times }) => times).filter((time) => time > from && time <= to);
  const total = answers.reduce((sum, { tokens }) => sum + tokens, 0);
  const start = Math.min(...answers.map((answer) => answer.start));
  const end = Math.max(...answers.map((answer) => answer.end));
  return { writing: (1000 * written.length) / (to - from), whole: (1000 * total) / (end - start) };
};
