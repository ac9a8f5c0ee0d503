import type { JsonSchema } from 'millrace';
import { interleave } from './interleave.ts';
import { median } from './median.ts';
import { openQuestions, type Question, type Questions } from './questions.ts';
import { atMost, type Report } from './report.ts';
import { type Answer, perToken } from './sides/answer.ts';
import type { Side } from './sides/start-side.ts';
import { startSides } from './sides/start-sides.ts';

const tokens = 96;
const text = { type: 'string', minLength: 120 } as const;

const cases: readonly { readonly name: string; readonly schema: JsonSchema }[] = [
  {
    name: 'long strings',
    schema: {
      type: 'object',
      properties: { beginning: text, middle: text, end: text },
      required: ['beginning', 'middle', 'end'],
    },
  },
  {
    name: 'much structure',
    schema: {
      type: 'array',
      minItems: 4,
      items: {
        type: 'object',
        properties: {
          nameOfTheCharacter: { type: 'string', maxLength: 20 },
          ageInYears: { type: 'integer', minimum: 1, maximum: 99 },
          occupation: { type: 'string', enum: ['miller', 'carpenter', 'ferryman', 'teacher'] },
          livesByTheRiver: { type: 'boolean' },
        },
        required: ['nameOfTheCharacter', 'ageInYears', 'occupation', 'livesByTheRiver'],
      },
    },
  },
];

/**
 * Time per token of an answer that is held to a JSON Schema, beside one that is not: prompts of the same length, as many
 * tokens, greedy. In one schema nearly every token is the model's choice; in the other many are forced.
 */
export const constraint = async (report: Report, quick: boolean): Promise<void> => {
  const questions = await openQuestions();
  const [millrace] = await startSides(['millrace'], questions);
  const ask = async (question: Question) => (await (millrace as Side).answer([question]))[0] as Answer;
  for (const { name, schema } of cases) {
    const held = () => ({ ...questions.ofLength(96, tokens), schema });
    // The model is shown the schema, so a prompt as long has more words.
    const { input } = await ask(held());
    const free = () => questions.ofLength(input, tokens);
    const [ours = [], theirs = []] = await interleave([held, free], quick ? 1 : 5, async (next) =>
      measure(await ask(next()), questions),
    );
    const row = (figure: keyof Measure, figureName: string) => ({
      bench: 'constraint',
      case: `${figureName}, ${name}`,
      ours: median(ours.map((measured) => measured[figure])),
      peer: median(theirs.map((measured) => measured[figure])),
      peerName: 'without a schema',
      unit: 'ms',
    });
    report({ ...row('perToken', 'per token'), bar: atMost(1.1, 'ratio') });
    report(row('whole', `answer of ${tokens} tokens`));
  }
  await millrace?.close();
};

type Measure = { readonly perToken: number; readonly whole: number };

/** What a schema forces at the beginning may be shown before the prompt is computed, so the time per token begins later. */
const measure = (answer: Answer, questions: Questions): Measure => {
  const written = (piece: number) => questions.count(answer.pieces.slice(0, piece + 1).join(''));
  const piece = answer.pieces.findIndex((_, index) => written(index) >= tokens / 4);
  return { perToken: perToken(answer, piece, written(piece)), whole: answer.end - answer.start };
};
