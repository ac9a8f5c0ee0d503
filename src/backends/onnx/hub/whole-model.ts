import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Dtype, dtypeSuffixes } from '../dtype.ts';
import { findGraph } from '../find-graph.ts';
import { graphDtypes } from '../graph-dtypes.ts';
import { ModelError } from '../model-error.ts';
import { hubDtypes } from './hub-dtypes.ts';

/** What every model of the hub has beside its .onnx file. */
export const requiredFiles: readonly string[] = ['config.json', 'tokenizer.json', 'tokenizer_config.json'];

/**
 * Makes sure that a folder of the cache holds all of a model, and says in which form.
 *
 * @param wanted Defaults to the form that config.json names, else to the smallest there is.
 * @throws ModelError that says what is missing.
 */
export const wholeModel = async (folder: string, wanted?: Dtype): Promise<Dtype> => {
  for (const name of requiredFiles) {
    if (!(await stat(join(folder, name)).catch(() => undefined))) throw new ModelError(`${folder} has no ${name}`);
  }
  const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'));
  const names: readonly string[] = await readdir(join(folder, 'onnx')).catch(() => []);
  const dtypes = graphDtypes(config, wanted, hubDtypes);
  const dtype = dtypes.find((name) => names.includes(`model${dtypeSuffixes[name]}.onnx`));
  const chosen = dtype ?? (dtypes[0] as Dtype);
  await findGraph(folder, config, chosen);
  return chosen;
};
