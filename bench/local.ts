import { interleave } from './interleave.ts';
import { median } from './median.ts';
import { openQuestions, type Question } from './questions.ts';
import { atMost, type Report } from './report.ts';
import { type Answer, firstToken, perToken } from './sides/answer.ts';
import { startSides } from './sides/start-sides.ts';

const lengths = [128, 512, 2048] as const;
const answer = 32;
/** The part of a prompt that two may share without notice: what the chat template begins with. */
const common = 8;

const bars = {
  'transformers.js': { firstToken: 1.05, perToken: { 128: 0.8, 512: 0.5, 2048: 0.3 } },
  'llama.cpp': { firstToken: 0.5, perToken: { 128: 1.05, 512: 0.95, 2048: 0.95 } },
};

/**
 * First token and time per token of the embedded model, beside transformers.js `generate` on the same file and llama.cpp
 * on the GGUF that it was made from: each in a process of its own, two threads each, the same prompts, greedy; medians of
 * interleaved rounds.
 */
export const local = async (report: Report, quick: boolean): Promise<void> => {
  const questions = await openQuestions();
  const sides = await startSides(['millrace', 'transformers.js', 'llama.cpp'], questions);
  const rounds = quick ? 1 : 5;
  for (const length of quick ? lengths.slice(0, 1) : lengths) {
    const asked = Array.from({ length: rounds + 1 }, (_, round) =>
      questions.ofLength(length, round === 0 ? 2 : answer),
    );
    const [ours, ...peers] = await interleave(sides, rounds, async (side, round) =>
      measure(await side.answer([asked[round] as Question])),
    );
    peers.forEach((theirs, index) => {
      const peerName = sides[index + 1]?.name as keyof typeof bars;
      const row = (figure: 'firstToken' | 'perToken', name: string, bar: number) =>
        report({
          bench: 'local',
          case: `${name} ${length} tokens`,
          ours: median((ours ?? []).map((measured) => measured[figure])),
          peer: median(theirs.map((measured) => measured[figure])),
          peerName,
          unit: 'ms',
          bar: atMost(bar, 'ratio'),
        });
      row('perToken', 'per token after', bars[peerName].perToken[length]);
      row('firstToken', 'first token after', bars[peerName].firstToken);
    });
  }
  for (const side of sides) await side.close();
};

const measure = ([answered]: readonly Answer[]): { readonly firstToken: number; readonly perToken: number } => {
  const found = answered as Answer;
  if (found.cached <= common) return { firstToken: firstToken(found), perToken: perToken(found) };
  throw new Error(`Expected a prompt of which nothing was known, received one of which ${found.cached} tokens were`);
};
