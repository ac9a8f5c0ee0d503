import { inferJson, inferText, type Message, route, step } from 'millrace';
import { concatMap, pipe } from 'rxjs';
import type { Example } from './example.ts';

const difficulty = { type: 'string', enum: ['simple', 'complex'] } as const;

const shown = {
  complex: [
    'Why do leaves change their colour in autumn?',
    'Compare cats and dogs as pets.',
    'How does a bicycle stay upright?',
    'Explain how bread is made.',
  ],
  simple: [
    'What is the largest planet?',
    'Who painted the Mona Lisa?',
    'When was the telephone invented?',
    'How many legs has a spider?',
  ],
};

/** A rule and a few answers to go by: the rule alone makes a small model call everything simple. */
const asked = (question: string): readonly Message[] => [
  {
    role: 'system',
    content:
      'Say whether a question is simple or complex. A simple question asks for one fact. A complex question asks for an explanation.',
  },
  ...Object.entries(shown).flatMap(([label, questions]) =>
    questions.flatMap((content): Message[] => [
      { role: 'user', content },
      { role: 'assistant', content: JSON.stringify(label) },
    ]),
  ),
  { role: 'user', content: question },
];

/** One look at a question decides which of two models answers it. */
export const classifyThenRoute: Example = {
  name: 'classify-then-route',
  about: 'a small model tells simple questions from complex ones, and each goes to a model that fits',
  roles: ['small', 'large'],
  input: 'questions.txt',
  workflow: ({ small, large }) =>
    pipe(
      concatMap((text) => text.split('\n').filter((line) => line !== '')),
      route(step('classify', inferJson(small, difficulty, asked)), {
        simple: inferText(small, { maxTokens: 24 }),
        complex: inferText(large, { maxTokens: 64 }),
      }),
    ),
};
