import { damagedFile } from './damaged-file.ts';
import { missingPeer } from './missing-peer.ts';
import { ModelError } from './model-error.ts';
import { TokenPieces } from './token-pieces.ts';
import { readTokenizerFiles, type TokenizerFiles } from './tokenizer-files.ts';

type Transformers = typeof import('@huggingface/transformers');
type PreTrained = InstanceType<Transformers['PreTrainedTokenizer']>;

/** Turns text into a model's token ids, and conversations into its text. */
export class Tokenizer {
  /** What each token writes. */
  readonly pieces: TokenPieces;
  /** The token that tokenizer_config.json gives as the end of a text. */
  readonly endId: number | undefined;
  readonly #tokenizer: PreTrained;

  /**
   * @param folder The model's.
   * @throws ModelError where a file is missing or damaged, or @huggingface/transformers is not installed.
   */
  static async load(folder: string): Promise<Tokenizer> {
    const files = await readTokenizerFiles(folder);
    const transformers = await import('@huggingface/transformers').catch((cause: unknown) => {
      throw missingPeer('@huggingface/transformers', cause);
    });
    try {
      return new Tokenizer(construct(transformers, files), files);
    } catch (cause) {
      if (cause instanceof ModelError) throw cause;
      throw damagedFile(`${folder}/tokenizer.json`, (cause as Error).message, cause);
    }
  }

  private constructor(tokenizer: PreTrained, files: TokenizerFiles) {
    this.#tokenizer = tokenizer;
    this.pieces = TokenPieces.read(files.tokenizer);
    const { eos_token: end } = files.tokenizerConfig;
    const text = typeof end === 'string' ? end : (end as { content?: string } | null | undefined)?.content;
    this.endId = text ? this.idOf(text) : undefined;
  }

  /** The ids of a text. Special tokens that stand in it as text are taken as such; none is added. */
  encode(text: string): readonly number[] {
    return this.#tokenizer.encode(text, { add_special_tokens: false });
  }

  /**
   * The ids of a text that stands behind a token: as they are where both are encoded as one. Where they would merge, or
   * nothing stands before the text, they are as behind a line break. Empty where the tokenizer makes neither of it.
   */
  encodeAfter(before: number | undefined, text: string): readonly number[] {
    for (const start of [before === undefined ? '' : this.pieces.text(before), '\n']) {
      const ids = this.encode(start);
      const both = this.encode(start + text);
      if (ids.length > 0 && ids.every((id, index) => both[index] === id)) return both.slice(ids.length);
    }
    return [];
  }

  /** The id of a token by its text, such as `<tool_call>`; `undefined` where the model has no such token. */
  readonly idOf = (token: string): number | undefined => this.#tokenizer.convert_tokens_to_ids(token);

  /** The text of the chat template for a conversation with tools, where there are several; `undefined` without any. */
  get chatTemplate(): string | undefined {
    try {
      return this.#tokenizer.get_chat_template({ tools: [] });
    } catch {
      return undefined;
    }
  }

  /** A conversation as the chat template writes it, up to where the model's answer begins. */
  applyChatTemplate(messages: readonly object[], tools?: readonly object[]): string {
    return this.#tokenizer.apply_chat_template(messages as never, {
      tokenize: false,
      add_generation_prompt: true,
      ...(tools && { tools: tools as object[] }),
    });
  }
}

/** Both files are read by us and nothing is fetched, so that no model is ever looked for on the network. */
const construct = (transformers: Transformers, { tokenizer, tokenizerConfig }: TokenizerFiles): PreTrained => {
  const name = String(tokenizerConfig.tokenizer_class ?? '').replace(/Fast$/, '');
  const known = (transformers as unknown as Record<string, Transformers['PreTrainedTokenizer'] | undefined>)[name];
  return new (known ?? transformers.PreTrainedTokenizer)(tokenizer, tokenizerConfig);
};
