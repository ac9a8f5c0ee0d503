import type { Message } from '../../runtime/message.ts';
import type { ToolDefinition } from '../../runtime/tool-definition.ts';

/** Writes a conversation the way the model learned it. */
export type ChatTemplate = {
  /** Whether the template has a place for tools and for calls. */
  readonly knowsTools: boolean;
  /** The prompt, up to where the model's answer begins. */
  render(messages: readonly Message[], tools?: readonly ToolDefinition[]): string;
};
