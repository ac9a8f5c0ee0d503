import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { damagedFile } from './damaged-file.ts';
import type { Dtype } from './dtype.ts';
import { findGraph } from './find-graph.ts';
import { ModelError } from './model-error.ts';

/** A JSON object of a model's folder. */
export type JsonObject = { readonly [key: string]: unknown };

/** What a model's folder holds. */
export type ModelFiles = {
  /** The folder's name. */
  readonly name: string;
  readonly folder: string;
  /** The path of the .onnx file. */
  readonly graph: string;
  /** config.json; of a model with several parts, the one of its text. */
  readonly config: JsonObject;
  /** generation_config.json; empty where there is none. */
  readonly generationConfig: JsonObject;
  readonly tokenizer: JsonObject;
  /** tokenizer_config.json, with the chat template of chat_template.jinja where that file stands beside it. */
  readonly tokenizerConfig: JsonObject;
};

/**
 * Reads what a model's folder holds, except for its weights, and chooses the .onnx file: the one of `dtype`, else the
 * one that `transformers.js_config` in config.json names, else the first there is.
 *
 * @throws ModelError where a file is missing or damaged.
 */
export const readModelFiles = async (folder: string, dtype?: Dtype): Promise<ModelFiles> => {
  if (!(await isFolder(folder))) throw new ModelError(`Expected ${folder} to be a folder with a model, found none`);
  const config = await readJson(folder, 'config.json');
  const tokenizer = await readJson(folder, 'tokenizer.json');
  const template = await readText(join(folder, 'chat_template.jinja'));
  return {
    name: basename(folder),
    folder,
    graph: await findGraph(folder, config, dtype),
    config: isObject(config.text_config) ? { ...config, ...config.text_config } : config,
    generationConfig: await readJson(folder, 'generation_config.json', {}),
    tokenizer,
    tokenizerConfig: {
      ...(await readJson(folder, 'tokenizer_config.json', {})),
      ...(template !== undefined && { chat_template: template }),
    },
  };
};

const readJson = async (folder: string, file: string, otherwise?: JsonObject): Promise<JsonObject> => {
  const text = await readText(join(folder, file));
  if (text === undefined && otherwise) return otherwise;
  if (text === undefined) {
    throw new ModelError(
      `Expected ${folder} to hold a model, found no ${file} in it: a model's folder has config.json, tokenizer.json, tokenizer_config.json and onnx/*.onnx`,
    );
  }
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch (cause) {
    throw damagedFile(join(folder, file), (cause as Error).message, cause);
  }
  throw damagedFile(join(folder, file), 'it holds no object');
};

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const readText = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined);
const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
