import { inferText, mergeFanOut } from 'millrace';
import type { Example } from './example.ts';

/** Three questions on one text, asked at once. */
export const fanOut: Example = {
  name: 'fan-out',
  about: 'three questions on one text, answered side by side',
  roles: ['small'],
  input: 'reef.txt',
  workflow: ({ small }) => {
    const ask = (question: string) =>
      inferText(small, (text: string) => `${text}\n\n${question}`, { maxTokens: 48, stop: ['\n'] });

    return mergeFanOut({
      title: ask('Write a short title for this text.'),
      number: ask('What is the most important number in this text?'),
      warning: ask('What does this text warn of? Answer in one sentence.'),
    });
  },
};
