import { expected } from './expected.ts';
import type { Message } from './message.ts';

const roles: readonly unknown[] = ['system', 'user', 'assistant', 'tool'] satisfies Message['role'][];

/** Refuses a message that no model could be shown as it was meant. */
export const checkMessages = (messages: readonly Message[]): void => {
  for (const message of messages) {
    const { role, content, toolCalls = [], toolCallId } = Object(message);
    if (!roles.includes(role))
      throw new TypeError(expected('the role of a message', `one of ${roles.join(', ')}`, role));
    if (typeof content !== 'string') throw new TypeError(expected('the content of a message', 'a string', content));
    if (!Array.isArray(toolCalls)) throw new TypeError(expected('the `toolCalls` of a message', 'a list', toolCalls));
    if (role === 'tool' && typeof toolCallId !== 'string') {
      throw new TypeError(expected('the `toolCallId` of a message of a tool', 'the id of its call', toolCallId));
    }
  }
};
