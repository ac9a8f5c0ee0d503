import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Message } from 'millrace';

/** One case of a reference model's reference.json. */
export type Reference = {
  readonly chat: boolean;
  readonly messages: readonly Message[] | null;
  readonly prompt: string;
  readonly promptIds: readonly number[];
  /** 100 tokens, with no early stop. */
  readonly greedyIds: readonly number[];
  readonly greedyText: string;
};

/** The reference models by name. */
export const referenceModels = ['tiny-llama', 'tiny-llama-concat', 'tiny-phi3', 'tiny-gemma3', 'tiny-qwen3'] as const;

/** The folder of a model in test/models. */
export const modelFolder = (name: string): string => fileURLToPath(new URL(`../models/${name}`, import.meta.url));

/** The cases that PyTorch computed for a reference model. */
export const references = (name: string): readonly Reference[] =>
  JSON.parse(readFileSync(`${modelFolder(name)}/reference.json`, 'utf8'));

/** The texts of a model's special tokens. */
export const specialTokens = (name: string): readonly string[] =>
  JSON.parse(readFileSync(`${modelFolder(name)}/tokenizer.json`, 'utf8')).added_tokens.map(
    ({ content }: { content: string }) => content,
  );

/** A model's tokenizer.json. */
export const readTokenizer = (name: string): Readonly<Record<string, unknown>> =>
  JSON.parse(readFileSync(`${modelFolder(name)}/tokenizer.json`, 'utf8'));

/** The folder of the embedded model. */
export const embeddedFolder: string = fileURLToPath(new URL('../../models/smollm2-135m-instruct', import.meta.url));
