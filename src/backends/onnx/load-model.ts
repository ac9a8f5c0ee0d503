import { type CachePlan, planCache } from './cache-plan.ts';
import { contextLength } from './context-length.ts';
import type { LoadOptions } from './load-options.ts';
import { readModelFiles } from './model-files.ts';
import { ModelRunner } from './model-runner.ts';
import type { Guard, NativeGate } from './native-gate.ts';
import { stopIdsOf } from './stop-ids.ts';
import { TextThread } from './text-thread.ts';
import type { TokenPieces } from './token-pieces.ts';

/** A model that is ready to answer. */
export type LoadedModel = {
  /** The name of its folder. */
  readonly name: string;
  readonly runner: ModelRunner;
  /** Makes its prompts and grammars. */
  readonly text: TextThread;
  /** What each token writes. */
  readonly pieces: TokenPieces;
  /** The tokens that end an answer. */
  readonly stopIds: ReadonlySet<number>;
  /** The most tokens that a prompt and its answer may have together. */
  readonly context: number;
  readonly plan: CachePlan;
};

/**
 * Loads a model from its folder, its tokenizer in a thread of its own.
 *
 * @param gate Surrounds native code.
 * @throws ModelError that says what is wrong with the folder, a file or a package.
 */
export const loadModel = async (options: LoadOptions, gate: NativeGate): Promise<LoadedModel> => {
  const text = new TextThread({ folder: options.folder, gate: gate.memory });
  // Both come to their end, also where one fails: a thread must not end in the middle of native code.
  const [computes, reads] = await Promise.allSettled([loadRunner(options, gate.pass), text.loaded]);
  if (computes.status === 'rejected') throw computes.reason;
  if (reads.status === 'rejected') throw reads.reason;
  const { files, plan, runner, context } = computes.value;
  const { pieces, endId } = reads.value;
  const stopIds = stopIdsOf(files, endId);
  text.begin(runner.vocabulary, stopIds);
  return { name: files.name, runner, text, pieces, stopIds, context, plan };
};

const loadRunner = async (options: LoadOptions, guard: Guard) => {
  const files = await readModelFiles(options.folder, options.dtype);
  const context = contextLength(files);
  const plan = planCache(context, options.cacheTokens);
  const runner = await guard(() => ModelRunner.load(files, options, plan, guard));
  return { files, plan, runner, context: Math.min(context, plan.tokens) };
};
