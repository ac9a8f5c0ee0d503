import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Dtype } from './dtype.ts';
import { findGraph } from './find-graph.ts';
import { ModelError } from './model-error.ts';
import { readJson } from './read-json.ts';

/** A JSON object of a model's folder. */
export type JsonObject = { readonly [key: string]: unknown };

/** What a model's folder tells of how the model computes. What it tells of text is in `TokenizerFiles`. */
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
  /** tokenizer_config.json; empty where there is none. */
  readonly tokenizerConfig: JsonObject;
};

/**
 * Reads what a model's folder holds, except for its weights and its tokens, and chooses the .onnx file: the one of
 * `dtype`, else the one that `transformers.js_config` in config.json names, else the first there is.
 *
 * @throws ModelError where a file is missing or damaged.
 */
export const readModelFiles = async (folder: string, dtype?: Dtype): Promise<ModelFiles> => {
  if (!(await isFolder(folder))) throw new ModelError(`Expected ${folder} to be a folder with a model, found none`);
  const config = await readJson(folder, 'config.json');
  return {
    name: basename(folder),
    folder,
    graph: await findGraph(folder, config, dtype),
    config: isObject(config.text_config) ? { ...config, ...config.text_config } : config,
    generationConfig: await readJson(folder, 'generation_config.json', {}),
    tokenizerConfig: await readJson(folder, 'tokenizer_config.json', {}),
  };
};

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
