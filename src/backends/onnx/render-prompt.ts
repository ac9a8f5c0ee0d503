import type { Message } from '../../runtime/message.ts';
import { ToolDialogue } from './tools/tool-dialogue.ts';
import { toolFormatOf } from './tools/tool-format.ts';
import type { TurnModel } from './turn.ts';

/** The prompt of a turn in which no tool can be called, though some may have been before. */
export const renderPrompt = (
  messages: readonly Message[],
  { template, tokenizer }: Pick<TurnModel, 'template' | 'tokenizer'>,
): string =>
  messages.some(isOfTools)
    ? new ToolDialogue(template, toolFormatOf(tokenizer)).render(messages, [])
    : template.render(messages);

const isOfTools = (message: Message): boolean =>
  message.role === 'tool' || (message.role === 'assistant' && message.toolCalls !== undefined);
