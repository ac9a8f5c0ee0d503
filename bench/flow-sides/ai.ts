import type { CountedTokens } from './counted-tokens.ts';
import type { FlowSide } from './flow-side.ts';
import { forAwait } from './for-await.ts';
import { importPeer } from './import-peer.ts';

/** What is used of `ai`, which need not be installed. */
type Ai = {
  streamText(options: {
    readonly model: object;
    readonly prompt: string;
    readonly experimental_transform: readonly (() => TransformStream)[];
  }): { readonly textStream: AsyncIterable<string> };
};
type AiTest = {
  readonly MockLanguageModelV4: new (options: {
    readonly doStream: () => Promise<{ readonly stream: ReadableStream }>;
  }) => object;
};

/** The AI SDK: `streamText` with six transforms. */
export const openAi = async (): Promise<FlowSide> => {
  const { streamText } = await importPeer<Ai>('ai');
  const { MockLanguageModelV4 } = await importPeer<AiTest>('ai/test');
  const transforms = Array.from({ length: 6 }, () => () => new TransformStream());
  return forAwait((tokens) => {
    const model = new MockLanguageModelV4({ doStream: async () => ({ stream: ReadableStream.from(parts(tokens)) }) });
    return streamText({ model, prompt: 'question', experimental_transform: transforms }).textStream;
  });
};

const id = '1';
const finishReason = { unified: 'stop', raw: 'stop' };
const usage = { inputTokens: { total: 1 }, outputTokens: { total: 1 } };

const parts = (tokens: CountedTokens): AsyncIterable<object> =>
  tokens.as<object>(
    (delta) => ({ type: 'text-delta', id, delta }),
    [
      { type: 'stream-start', warnings: [] },
      { type: 'text-start', id },
    ],
    [
      { type: 'text-end', id },
      { type: 'finish', finishReason, usage },
    ],
  );
