import type { CountedTokens } from './counted-tokens.ts';
import { importPeer } from './import-peer.ts';

/** A stage of LangChain, or several. */
export type Runnable = {
  pipe(next: Runnable): Runnable;
  stream(input: string): Promise<AsyncIterable<unknown>>;
};

/** What is used of a chat model. */
export type ChatModel = Runnable & {
  invoke(messages: readonly unknown[], config: unknown): Promise<unknown>;
};

/** Tells those who listen to a model beside its stream, as LangGraph does. */
type Listeners = { handleLLMNewToken(text: string, ...rest: readonly unknown[]): Promise<void> };

/** What is used of `@langchain/core`, which need not be installed. */
type ChatModels = { readonly BaseChatModel: new (fields: object) => ChatModel };
type Messages = { readonly AIMessageChunk: new (text: string) => object };
type Outputs = {
  readonly ChatGenerationChunk: new (fields: { readonly text: string; readonly message: object }) => object;
};

/** Makes chat models of LangChain. */
export const langChainModel = async (): Promise<(tokens: CountedTokens) => ChatModel> => {
  const { BaseChatModel } = await importPeer<ChatModels>('@langchain/core/language_models/chat_models');
  const { AIMessageChunk } = await importPeer<Messages>('@langchain/core/messages');
  const { ChatGenerationChunk } = await importPeer<Outputs>('@langchain/core/outputs');

  class Model extends BaseChatModel {
    readonly #tokens: CountedTokens;

    constructor(tokens: CountedTokens) {
      super({});
      this.#tokens = tokens;
    }

    _llmType() {
      return 'bench';
    }

    async *_streamResponseChunks(_messages: unknown, _options: unknown, listeners?: Listeners) {
      const form = (text: string) => ({
        text,
        chunk: new ChatGenerationChunk({ text, message: new AIMessageChunk(text) }),
      });
      for await (const { text, chunk } of this.#tokens.as(form)) {
        yield chunk;
        await listeners?.handleLLMNewToken(text, undefined, undefined, undefined, undefined, { chunk });
      }
    }
  }
  return (tokens) => new Model(tokens);
};
