/** A chunk of an answer as OpenAI sends it. */
export const chatChunk = (delta: object, finish: string | null = null): object => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1_700_000_000,
  model: 'gpt-test-2025-01-01',
  choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
});

/** The chunks of an answer, one a word, with a finish and the usage. */
export const chatAnswer = (words: readonly string[], finish = 'stop'): readonly object[] => [
  chatChunk({ role: 'assistant', content: '' }),
  ...words.map((content) => chatChunk({ content })),
  chatChunk({}, finish),
  chatUsage(words.length),
];

/** The last chunk, which has no choices. */
export const chatUsage = (output: number): object => ({
  ...chatChunk({}),
  choices: [],
  usage: { prompt_tokens: 7, completion_tokens: output, total_tokens: 7 + output },
});
