import type { Message } from '../../runtime/message.ts';
import type { ToolDefinition } from '../../runtime/tool-definition.ts';
import { ModelError } from './model-error.ts';
import type { Tokenizer } from './tokenizer.ts';

/** Writes a conversation the way the model learned it. */
export class ChatTemplate {
  /** Whether the template has a place for tools. */
  readonly knowsTools: boolean;
  readonly #tokenizer: Tokenizer;
  readonly #exists: boolean;

  constructor(tokenizer: Tokenizer) {
    const source = tokenizer.chatTemplate;
    this.#tokenizer = tokenizer;
    this.#exists = source !== undefined;
    this.knowsTools = source !== undefined && /\btools\b/.test(source);
  }

  /**
   * The prompt, up to where the model's answer begins. For a template without a place for system messages these go in
   * front of the user's first. A model without a template gets the bare text of a single message.
   *
   * @throws ModelError where the template refuses the conversation.
   */
  render(messages: readonly Message[], tools?: readonly ToolDefinition[]): string {
    if (!this.#exists) return bare(messages);
    try {
      return this.#apply(messages, tools);
    } catch (cause) {
      const folded = foldSystem(messages);
      if (folded === messages) throw refused(cause);
      try {
        return this.#apply(folded, tools);
      } catch (again) {
        throw refused(again);
      }
    }
  }

  #apply(messages: readonly Message[], tools?: readonly ToolDefinition[]): string {
    return this.#tokenizer.applyChatTemplate(
      messages.map(toTemplate),
      tools?.map(({ name, description, parameters }) => ({
        type: 'function',
        function: { name, ...(description !== undefined && { description }), parameters },
      })),
    );
  }
}

const bare = (messages: readonly Message[]): string => {
  if (messages.length === 1 && messages[0]?.role === 'user') return messages[0].content;
  throw new ModelError(
    'Expected one message of the user for a model without a chat template, received a conversation: take a model that was trained to chat',
  );
};

/** Templates know messages as chat completions write them. */
const toTemplate = (message: Message): object => {
  if (message.role === 'tool') return { role: 'tool', content: message.content, tool_call_id: message.toolCallId };
  if (message.role !== 'assistant' || !message.toolCalls?.length) return { ...message };
  const calls = message.toolCalls.map(({ id, name, arguments: given }) => ({
    id,
    type: 'function',
    function: { name, arguments: given },
  }));
  return { role: 'assistant', content: message.content, tool_calls: calls };
};

const foldSystem = (messages: readonly Message[]): readonly Message[] => {
  const system = messages.filter(({ role }) => role === 'system');
  const user = messages.findIndex(({ role }) => role === 'user');
  if (system.length === 0 || user < 0) return messages;
  const content = [...system, messages[user] as Message].map((message) => message.content).join('\n\n');
  return messages
    .map((message, index): Message => (index === user ? { role: 'user', content } : message))
    .filter(({ role }) => role !== 'system');
};

const refused = (cause: unknown): ModelError =>
  new ModelError(
    `Expected a conversation that the model's chat template takes, received one that it refuses: ${(cause as Error).message}`,
    { cause },
  );
