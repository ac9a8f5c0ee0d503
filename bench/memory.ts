import { openQuestions, type Questions } from './questions.ts';
import { atMost, type Report } from './report.ts';
import type { Answer } from './sides/answer.ts';
import type { Side } from './sides/start-side.ts';
import { startSides } from './sides/start-sides.ts';
import { type Point, slope } from './slope.ts';

const requests = 8;
const length = 128;

/**
 * What the embedded model takes of the machine's memory once it is loaded and after eight requests at once, and by how
 * much the heaps of all its threads grow with the tokens once it is warm; beside transformers.js, which answers one request
 * after another, in a process of its own.
 */
export const memory = async (report: Report, quick: boolean): Promise<void> => {
  const questions = await openQuestions();
  const names = ['millrace', 'transformers.js'] as const;
  const found: Use[] = [];
  for (const name of names) {
    for (const side of await startSides([name], questions, { watched: true })) {
      found.push(await use(side, questions, quick ? 1 : 6));
      await side.close();
    }
  }
  const [ours, theirs] = found as [Use, Use];
  const row = (figure: keyof Use, name: string, unit: string) => ({
    bench: 'memory',
    case: name,
    ours: ours[figure],
    peer: theirs[figure],
    peerName: 'transformers.js',
    unit,
  });
  report(row('loaded', 'resident once loaded', 'MB'));
  report(row('used', 'resident after eight requests', 'MB'));
  report(row('worn', 'resident at the end', 'MB'));
  report({ ...row('growth', 'heap growth per 1,000 tokens', 'kB'), bar: atMost(100, 'ours') });
};

type Use = { readonly loaded: number; readonly used: number; readonly worn: number; readonly growth: number };

const use = async (side: Side, questions: Questions, rounds: number): Promise<Use> => {
  const resident = async () => (await side.memory()).resident / 1e6;
  const heap = async () => (await side.memory()).heap ?? Number.NaN;
  const round = async (): Promise<number> => {
    const asked = Array.from({ length: requests }, () => questions.ofLength(length, 96));
    const answers: readonly Answer[] = await side.answer(asked);
    return answers.reduce((sum, { tokens }) => sum + tokens, 0);
  };
  const loaded = await resident();
  await round();
  const used = await resident();
  await round();
  const weights: Point[] = [[0, await heap()]];
  for (let index = 0; index < rounds; index++) {
    const tokens = (weights.at(-1) as Point)[0] + (await round());
    weights.push([tokens, await heap()]);
  }
  // Bytes per token are kB per 1,000 tokens.
  return { loaded, used, worn: await resident(), growth: slope(weights) };
};
