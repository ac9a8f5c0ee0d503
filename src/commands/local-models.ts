import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type FindOptions, findModel } from '../backends/onnx/find-model.ts';
import { aliases } from '../backends/onnx/hub/aliases.ts';
import { cacheFolder } from '../backends/onnx/hub/cache-folder.ts';
import { hubModel } from '../backends/onnx/hub/hub-model.ts';
import { folderSize } from './folder-size.ts';

/** A model that a program can name, and what is here of it. */
export type LocalModel = {
  readonly name: string;
  /** Present where any of it is here. */
  readonly here?: {
    readonly folder: string;
    readonly bytes: number;
    /** Whether it can be used; else a download broke off. */
    readonly whole: boolean;
  };
};

/** The models with a short name, and those that lie in `modelsDir` and in the cache. */
export const localModels = async (
  options: FindOptions & { readonly cacheDir: string },
): Promise<readonly LocalModel[]> => {
  const { cacheDir, modelsDir = process.env.MILLRACE_MODELS } = options;
  const known = new Set(Object.values(aliases).map(({ id }) => id));
  const cached = (await foldersIn(cacheDir, 2)).filter((id) => hubModel(id) && !known.has(id));
  const own = modelsDir ? await foldersIn(modelsDir, 1) : [];
  const names = new Set([...Object.keys(aliases), ...own, ...cached]);
  return Promise.all([...names].map((name) => look(name, options)));
};

const look = async (name: string, options: FindOptions & { readonly cacheDir: string }): Promise<LocalModel> => {
  const found = await findModel(name, options, {
    signal: new AbortController().signal,
    onProgress: () => undefined,
  }).catch(() => undefined);
  const model = hubModel(name, options);
  const folder = found?.folder ?? (model && resolve(cacheFolder(options.cacheDir, model)));
  const bytes = folder === undefined ? undefined : await folderSize(folder);
  if (folder === undefined || bytes === undefined) return { name };
  return { name, here: { folder, bytes, whole: found !== undefined } };
};

/** The paths of the folders so many levels down, with `/` between. */
const foldersIn = async (place: string, depth: number): Promise<readonly string[]> => {
  const entries = await readdir(place, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map(({ name }) => name);
  if (depth === 1) return names;
  const below = names.map(async (name) =>
    (await foldersIn(join(place, name), depth - 1)).map((more) => `${name}/${more}`),
  );
  return (await Promise.all(below)).flat();
};
