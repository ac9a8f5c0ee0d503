import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from './model-files.ts';
import { readJson } from './read-json.ts';

/** What a model's folder tells of its tokens and of its chat template. */
export type TokenizerFiles = {
  readonly folder: string;
  /** tokenizer.json. */
  readonly tokenizer: JsonObject;
  /** tokenizer_config.json, with the chat template of chat_template.jinja where that file stands beside it. */
  readonly tokenizerConfig: JsonObject;
};

/** @throws ModelError where a file is missing or damaged. */
export const readTokenizerFiles = async (folder: string): Promise<TokenizerFiles> => {
  const template = await readFile(join(folder, 'chat_template.jinja'), 'utf8').catch(() => undefined);
  return {
    folder,
    tokenizer: await readJson(folder, 'tokenizer.json'),
    tokenizerConfig: {
      ...(await readJson(folder, 'tokenizer_config.json', {})),
      ...(template !== undefined && { chat_template: template }),
    },
  };
};
