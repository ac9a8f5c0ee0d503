import type { Message } from '../../../runtime/message.ts';
import type { ToolDefinition } from '../../../runtime/tool-definition.ts';
import type { ChatTemplate } from '../chat-template.ts';
import { tellTools } from './tell-tools.ts';
import type { ToolFormat } from './tool-format.ts';
import { writeCalls } from './write-calls.ts';

/**
 * Writes conversations with tools for one model: through its chat template as far as that goes, and in words where the
 * template would drop the tools, the calls or the results.
 */
export class ToolDialogue {
  readonly #template: ChatTemplate;
  readonly #format: ToolFormat;
  /** Makes of a conversation one of which the template drops nothing. */
  readonly #adapt: ((messages: readonly Message[]) => readonly Message[]) | undefined;

  constructor(template: ChatTemplate, format: ToolFormat) {
    this.#template = template;
    this.#format = format;
    const spelt = (messages: readonly Message[]) => messages.map((message) => spellCalls(message, format));
    const ways = [same, withSystem, spelt, (messages: readonly Message[]) => withSystem(spelt(messages))];
    this.#adapt = template.knowsTools ? ways.find((way) => this.#showsAll(way(probe))) : undefined;
  }

  /** The prompt, up to where the model's answer begins. */
  render(messages: readonly Message[], tools: readonly ToolDefinition[]): string {
    return this.#adapt === undefined
      ? this.#template.render(tellTools(messages, tools, this.#format))
      : this.#template.render(this.#adapt(messages), tools.length > 0 ? tools : undefined);
  }

  #showsAll(messages: readonly Message[]): boolean {
    try {
      const text = this.#template.render(messages, [probeTool]);
      return ['probe_tool', 'probe_argument', 'probe_result'].every((word) => text.includes(word));
    } catch {
      return false;
    }
  }
}

const probeTool: ToolDefinition = { name: 'probe_tool', parameters: { type: 'object', properties: {} } };

const probe: readonly Message[] = [
  { role: 'user', content: 'question' },
  {
    role: 'assistant',
    content: '',
    toolCalls: [{ id: 'call-0', name: 'probe_call', arguments: { probe_argument: 1 } }],
  },
  { role: 'tool', content: 'probe_result', toolCallId: 'call-0' },
];

const same = (messages: readonly Message[]): readonly Message[] => messages;

/** Some templates list the tools in the system message alone. */
const withSystem = (messages: readonly Message[]): readonly Message[] =>
  messages[0]?.role === 'system' ? messages : [{ role: 'system', content: '' }, ...messages];

const spellCalls = (message: Message, format: ToolFormat): Message => {
  if (message.role !== 'assistant' || !message.toolCalls?.length) return message;
  return { role: 'assistant', content: `${message.content}${writeCalls(message.toolCalls, format)}` };
};
