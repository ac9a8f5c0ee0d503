import type { Message } from '../../../runtime/message.ts';
import type { ToolDefinition } from '../../../runtime/tool-definition.ts';
import type { ToolFormat } from './tool-format.ts';
import { writeCalls } from './write-calls.ts';

/**
 * Puts a conversation with tools in words that any model knows: the functions are listed in the system message, calls
 * are what the assistant said, and results are what the user says next.
 */
export const tellTools = (
  messages: readonly Message[],
  tools: readonly ToolDefinition[],
  format: ToolFormat,
): readonly Message[] => {
  const said = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
  const content = [...said, ...(tools.length > 0 ? [explain(tools)] : [])].join('\n\n');
  const system: readonly Message[] = content === '' ? [] : [{ role: 'system', content }];
  const names = new Map<string, string>();
  const others = messages.filter(({ role }) => role !== 'system');
  const rest = others.map((message, index) => {
    const told = tell(message, names, format);
    const ends = message.role === 'tool' && others[index + 1]?.role !== 'tool';
    return ends ? { ...told, content: `${told.content}\n${tools.length > 0 ? goOn : answer}` } : told;
  });
  return joined([...system, ...rest]);
};

const answer = 'Answer the question in plain words.';
// Without these words a small model repeats the call that it sees above.
const goOn = 'Answer the question in plain words, or call another function.';

const explain = (tools: readonly ToolDefinition[]): string => {
  const functions = tools.map(({ name, description, parameters }) => JSON.stringify({ name, description, parameters }));
  return [
    'You can call these functions:',
    ...functions,
    'To call one, answer with {"name": its name, "arguments": {its arguments, as the user gives them}} and nothing else.',
    'When you know what is needed, answer in plain words.',
  ].join('\n');
};

/** `names` remembers which function each call was for, since a result only carries the call's id. */
const tell = (message: Message, names: Map<string, string>, format: ToolFormat): Message => {
  if (message.role === 'tool') {
    return { role: 'user', content: `${names.get(message.toolCallId) ?? 'The function'} returned: ${message.content}` };
  }
  if (message.role !== 'assistant' || !message.toolCalls?.length) return message;
  for (const { id, name } of message.toolCalls) names.set(id, name);
  const said = [message.content, writeCalls(message.toolCalls, format)].filter((text) => text !== '');
  return { role: 'assistant', content: said.join('\n') };
};

/** Several results in a row are one message, since templates expect turns to alternate. */
const joined = (messages: readonly Message[]): readonly Message[] => {
  const turns: Message[] = [];
  for (const message of messages) {
    const last = turns.at(-1);
    if (last?.role !== 'user' || message.role !== 'user') turns.push(message);
    else turns[turns.length - 1] = { role: 'user', content: `${last.content}\n${message.content}` };
  }
  return turns;
};
