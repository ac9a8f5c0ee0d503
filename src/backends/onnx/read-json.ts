import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { damagedFile } from './damaged-file.ts';
import { ModelError } from './model-error.ts';
import type { JsonObject } from './model-files.ts';

/**
 * Reads a JSON object of a model's folder.
 *
 * @param otherwise What to give where there is no such file. Without it that is an error.
 * @throws ModelError where the file is missing or damaged.
 */
export const readJson = async (folder: string, file: string, otherwise?: JsonObject): Promise<JsonObject> => {
  const path = join(folder, file);
  const text = await readFile(path, 'utf8').catch(() => undefined);
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
    throw damagedFile(path, (cause as Error).message, cause);
  }
  throw damagedFile(path, 'it holds no object');
};

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
