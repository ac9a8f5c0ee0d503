import { type CachePlan, planCache } from '../../src/backends/onnx/cache-plan.ts';
import { ChatTemplate } from '../../src/backends/onnx/chat-template.ts';
import { readModelFiles } from '../../src/backends/onnx/model-files.ts';
import { ModelRunner } from '../../src/backends/onnx/model-runner.ts';
import { stopIdsOf } from '../../src/backends/onnx/stop-ids.ts';
import { Tokenizer } from '../../src/backends/onnx/tokenizer.ts';

/** The parts of a model that two threads have otherwise, in this one. */
export type ModelParts = {
  readonly runner: ModelRunner;
  readonly tokenizer: Tokenizer;
  readonly template: ChatTemplate;
  readonly stopIds: ReadonlySet<number>;
  readonly plan: CachePlan;
};

/** Loads a model without a thread. */
export const loadParts = async (folder: string): Promise<ModelParts> => {
  const files = await readModelFiles(folder);
  const tokenizer = await Tokenizer.load(folder);
  const plan = planCache(Number(files.config.max_position_embeddings));
  return {
    runner: await ModelRunner.load(files, { executionProviders: ['cpu'] }, plan),
    tokenizer,
    template: new ChatTemplate(tokenizer),
    stopIds: stopIdsOf(files, tokenizer.endId),
    plan,
  };
};
