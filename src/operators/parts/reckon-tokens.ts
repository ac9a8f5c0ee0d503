import type { InferenceRequest } from '../../runtime/inference-request.ts';

const bytesPerToken = 4;

/** About how many tokens a prompt has, whatever its language: tokenizers write most scripts with about four bytes a token. */
export const reckonTokens = ({
  messages,
  tools,
  schema,
}: Pick<InferenceRequest, 'messages' | 'tools' | 'schema'>): number => {
  const calls = messages.flatMap((message) => ('toolCalls' in message && message.toolCalls) || []);
  const parts = [...calls, ...(tools ?? []), ...(schema ? [schema] : [])].map((part) => JSON.stringify(part));
  const words = [...messages.map(({ content }) => content), ...parts].join('');
  return Math.ceil(new TextEncoder().encode(words).length / bytesPerToken);
};
