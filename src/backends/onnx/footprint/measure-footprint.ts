import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { planCache } from '../cache-plan.ts';
import type { CacheTensor } from '../cache-tensor.ts';
import { contextLength } from '../context-length.ts';
import { type GraphLayout, readGraphLayout } from '../graph-layout.ts';
import type { LoadOptions } from '../load-options.ts';
import { type JsonObject, readModelFiles } from '../model-files.ts';
import type { Footprint } from './footprint.ts';
import { readGraphFacts } from './graph-facts.ts';

/**
 * Reckons the footprint of a model from its files.
 *
 * @throws ModelError where a file is missing or damaged, or the model is of a kind that is not supported.
 */
export const measureFootprint = async ({
  folder,
  dtype,
  cacheTokens,
  expandWeights = false,
}: Omit<LoadOptions, 'executionProviders' | 'threads'>): Promise<Footprint> => {
  const files = await readModelFiles(folder, dtype);
  const facts = await readGraphFacts(files.graph);
  const layout = readGraphLayout(facts.inputs, facts.outputs, files.config);
  const context = contextLength(files);
  const plan = planCache(context, cacheTokens);
  const longest = Math.min(context, plan.tokens);
  // A place whose cache is written anew has two of it, with room to grow.
  const rows = plan.tokens * (facts.sharesCache ? 1 : 2.25) + plan.prefixTokens;
  const parts = {
    weights: facts.weights,
    expandedWeights: expandWeights ? facts.expandedWeights : 0,
    cache: rows * layout.caches.reduce((sum, tensor) => sum + rowBytes(tensor), 0),
    activations: activationBytes(layout, files.config, longest),
    logits: (layout.logitsToKeep ? plan.slots : layout.chunk) * layout.vocabulary * 4,
    runtime: await runtimeBytes(folder),
  };
  return { ...parts, total: Object.values(parts).reduce((sum, bytes) => sum + bytes, 0) };
};

const rowBytes = ({ type, heads, size }: CacheTensor): number => heads * size * (type === 'float16' ? 2 : 4);

/** What a chunk is computed with: the scores of its attention to every token before it, and some rows as wide as a layer. */
const activationBytes = ({ chunk, caches }: GraphLayout, config: JsonObject, longest: number): number => {
  const [{ heads: keyHeads, size }] = caches as [CacheTensor];
  const heads = count(config.num_attention_heads) ?? keyHeads;
  const hidden = count(config.hidden_size) ?? heads * size;
  const inner = count(config.intermediate_size) ?? 4 * hidden;
  return 4 * chunk * (heads * longest + 4 * (hidden + inner));
};

/** Two threads and ONNX Runtime, as measured, and what a tokenizer takes for each byte of its file. */
const runtimeBytes = async (folder: string): Promise<number> => {
  // Where there is none, loading says so better than a measure of it can.
  const tokenizer = await stat(join(folder, 'tokenizer.json')).catch(() => undefined);
  return 100e6 + 14 * (tokenizer?.size ?? 0);
};

const count = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined;
