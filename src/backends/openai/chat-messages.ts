import type { Message } from '../../runtime/message.ts';
import type { ToolNames } from './tool-names.ts';

/** A conversation as chat completions write it. */
export const chatMessages = (messages: readonly Message[], names: ToolNames): readonly object[] =>
  messages.map((message) => {
    const { role, content } = message;
    if (role === 'tool') return { role, tool_call_id: message.toolCallId, content };
    if (role !== 'assistant' || !message.toolCalls?.length) return { role, content };
    const calls = message.toolCalls.map(({ id, name, arguments: given }) => ({
      id,
      type: 'function',
      function: { name: names.encode(name), arguments: JSON.stringify(given) ?? '{}' },
    }));
    return { role, content: content === '' ? null : content, tool_calls: calls };
  });
