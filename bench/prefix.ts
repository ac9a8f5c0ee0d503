import { interleave } from './interleave.ts';
import { median } from './median.ts';
import { openQuestions, type Question } from './questions.ts';
import { atMost, type Report } from './report.ts';
import { type Answer, firstToken } from './sides/answer.ts';
import type { Side } from './sides/start-side.ts';
import { startSides } from './sides/start-sides.ts';

const length = 544;
const shared = 512;

/**
 * Time to the first token of a request that begins with 512 of 544 tokens of the one before, beside the time of that one,
 * and beside the same request to others: llama.cpp keeps what it has of one sequence, transformers.js keeps nothing.
 */
export const prefix = async (report: Report, quick: boolean): Promise<void> => {
  const questions = await openQuestions();
  const sides = await startSides(['millrace', 'transformers.js', 'llama.cpp'], questions, { context: 1024 });
  const rounds = quick ? 1 : 5;
  const pairs = Array.from({ length: rounds + 1 }, () => questions.pair(length, shared, 4));
  const [ours = [], ...others] = await interleave(sides, rounds, (side, round) =>
    firstTokens(side, pairs[round] as (typeof pairs)[0]),
  );

  const second = median(ours.map((times) => times.second));
  const row = (peer: number, peerName: string) => ({
    bench: 'prefix',
    case: `first token, ${shared} of ${length} tokens shared`,
    ours: second,
    peer,
    peerName,
    unit: 'ms',
  });
  report({ ...row(median(ours.map(({ first }) => first)), 'nothing shared'), bar: atMost(0.15, 'ratio') });
  others.forEach((times, index) => {
    report(row(median(times.map((time) => time.second)), sides[index + 1]?.name ?? ''));
  });
  for (const side of sides) await side.close();
};

const firstTokens = async (side: Side, [first, second]: readonly [Question, Question]) => ({
  first: await timed(side, first),
  second: await timed(side, second),
});

const timed = async (side: Side, question: Question): Promise<number> =>
  firstToken((await side.answer([question]))[0] as Answer);
