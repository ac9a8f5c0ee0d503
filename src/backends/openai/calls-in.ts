import type { Message } from '../../runtime/message.ts';
import type { ToolCall } from '../../runtime/tool-call.ts';

/** All calls that were made in a conversation. */
export const callsIn = (messages: readonly Message[]): readonly ToolCall[] =>
  messages.flatMap((message) => (message.role === 'assistant' && message.toolCalls) || []);
