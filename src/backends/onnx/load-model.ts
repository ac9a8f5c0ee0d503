import { type CachePlan, planCache } from './cache-plan.ts';
import { ChatTemplate } from './chat-template.ts';
import { GrammarCompiler } from './constraint/grammar-compiler.ts';
import { readVocabulary } from './constraint/vocabulary.ts';
import type { LoadOptions } from './load-options.ts';
import { type ModelFiles, readModelFiles } from './model-files.ts';
import { ModelRunner } from './model-runner.ts';
import type { Guard } from './native-gate.ts';
import { Tokenizer } from './tokenizer.ts';
import type { TurnModel } from './turn.ts';

/** A model that is ready to answer. */
export type LoadedModel = TurnModel & {
  /** The name of its folder. */
  readonly name: string;
  readonly runner: ModelRunner;
  /** The tokens that end an answer. */
  readonly stopIds: ReadonlySet<number>;
  /** The most tokens that a prompt and its answer may have together. */
  readonly context: number;
  readonly plan: CachePlan;
};

/**
 * Loads a model from its folder.
 *
 * @param guard Surrounds every run of the model.
 * @throws ModelError that says what is wrong with the folder, a file or a package.
 */
export const loadModel = async (options: LoadOptions, guard?: Guard): Promise<LoadedModel> => {
  const files = await readModelFiles(options.folder, options.dtype);
  const tokenizer = await Tokenizer.load(files);
  const plan = planCache(readContext(files));
  const runner = await ModelRunner.load(files, options, plan, guard);
  const stopIds = readStopIds(files, tokenizer);
  let grammars: Promise<GrammarCompiler> | undefined;
  return {
    name: files.name,
    tokenizer,
    template: new ChatTemplate(tokenizer),
    runner,
    stopIds,
    context: Math.min(readContext(files), plan.tokens),
    plan,
    grammars: () => {
      grammars ??= GrammarCompiler.create(readVocabulary(files.tokenizer, runner.vocabulary, [...stopIds]));
      return grammars;
    },
  };
};

/** Every id that some file of the model gives as the end of a text or of a turn. */
const readStopIds = (files: ModelFiles, tokenizer: Tokenizer): ReadonlySet<number> => {
  const { eos_token: token } = files.tokenizerConfig;
  const text = typeof token === 'string' ? token : (token as { content?: string } | null | undefined)?.content;
  const ids = [files.generationConfig.eos_token_id, files.config.eos_token_id, text && tokenizer.idOf(text)].flat();
  return new Set(ids.filter((id) => typeof id === 'number'));
};

/** Where no file says how long the context is, only memory limits it. */
const readContext = ({ config, tokenizerConfig }: ModelFiles): number => {
  const lengths = [config.max_position_embeddings, config.n_positions, tokenizerConfig.model_max_length];
  return (
    (lengths.find((length) => typeof length === 'number' && length > 0) as number | undefined) ??
    Number.POSITIVE_INFINITY
  );
};
