import { checkMessages } from './check-messages.ts';
import { expected } from './expected.ts';
import type { Message } from './message.ts';
import type { Prompt } from './prompt.ts';

/** The conversation that a prompt stands for. */
export const toMessages = (prompt: Prompt): readonly Message[] => {
  if (typeof prompt === 'string') return [{ role: 'user', content: prompt }];
  if (!Array.isArray(prompt) || prompt.length === 0) {
    throw new TypeError(expected('a prompt', 'a string or a list of at least one message', prompt));
  }
  checkMessages(prompt);
  return prompt;
};
