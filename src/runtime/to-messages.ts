import type { Message } from './message.ts';
import type { Prompt } from './prompt.ts';

/** The conversation that a prompt stands for. */
export const toMessages = (prompt: Prompt): readonly Message[] => {
  if (typeof prompt === 'string') return [{ role: 'user', content: prompt }];
  if (Array.isArray(prompt) && prompt.length > 0) return prompt;
  const received = Array.isArray(prompt) ? 'an empty array' : prompt === null ? 'null' : typeof prompt;
  throw new TypeError(`Expected a prompt to be a string or a list of at least one message, received ${received}`);
};
