import type { ChatDelta } from './chat-chunk.ts';

/** What servers call the words of reasoning. Some send the same words under two names. */
const reasoningNames = ['reasoning_content', 'reasoning', 'reasoning_text', 'thinking'];

type Part = { readonly type?: string; readonly text?: unknown; readonly thinking?: unknown } | null;

/** The words of a delta. Content is a text, or a list of parts, some of which may be reasoning. */
export const textOf = (
  delta: ChatDelta,
): { readonly reasoning: string; readonly content: string; readonly refusal: string } => {
  const parts: readonly Part[] = Array.isArray(delta.content) ? delta.content : [{ type: 'text', text: delta.content }];
  const reasoning = reasoningNames.map((name) => plain(delta[name])).find((text) => text !== '') ?? '';
  const thought = parts.map((part) => (part?.type === 'thinking' ? partText(part.thinking) : '')).join('');
  return {
    reasoning: reasoning || thought,
    content: parts.map((part) => (part?.type === 'text' ? plain(part.text) : '')).join(''),
    refusal: plain(delta.refusal),
  };
};

const partText = (thinking: unknown): string =>
  Array.isArray(thinking) ? thinking.map((part: Part) => plain(part?.text)).join('') : plain(thinking);

const plain = (text: unknown): string => (typeof text === 'string' ? text : '');
