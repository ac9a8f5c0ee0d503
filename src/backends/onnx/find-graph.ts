import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { configuredFiles } from './configured-files.ts';
import { type Dtype, dtypeSuffixes } from './dtype.ts';
import { externalFiles } from './external-files.ts';
import { graphDtypes } from './graph-dtypes.ts';
import { ModelError } from './model-error.ts';
import type { JsonObject } from './model-files.ts';

/**
 * Finds the .onnx file of a model in `onnx/` or in the folder itself, and makes sure that the weights that it and
 * config.json speak of lie beside it.
 *
 * @param wanted Defaults to what config.json names, else to the first there is.
 * @throws ModelError that names what is there instead.
 */
export const findGraph = async (folder: string, config: JsonObject, wanted?: Dtype): Promise<string> => {
  const places = [join(folder, 'onnx'), folder];
  const files = (await Promise.all(places.map(list))).flatMap((names, place) =>
    names.filter((name) => name.endsWith('.onnx')).map((name) => ({ name, path: join(places[place] as string, name) })),
  );
  for (const dtype of graphDtypes(config, wanted)) {
    const file = files.find(({ name }) => name === `model${dtypeSuffixes[dtype]}.onnx`);
    if (file) return withData(file.path, config);
  }
  const found = files.length === 0 ? 'no .onnx file' : files.map(({ name }) => name).join(', ');
  const [names, advice] = wanted
    ? [`model${dtypeSuffixes[wanted]}.onnx`, 'name another `dtype` or add the file']
    : ['model.onnx or model_<dtype>.onnx', 'take an export for text generation, as transformers.js loads it'];
  throw new ModelError(`Expected ${join(folder, 'onnx')} to hold ${names}, found ${found}: ${advice}`);
};

const withData = async (graph: string, config: JsonObject): Promise<string> => {
  const folder = dirname(graph);
  for (const name of new Set([...configuredFiles(basename(graph), config), ...(await externalFiles(graph))])) {
    const data = join(folder, name);
    if (!(await isFile(data))) {
      throw new ModelError(`Expected the weights ${data} beside ${basename(graph)}, found no such file: add it`);
    }
    const real = await realpath(data);
    if (real.startsWith((await realpath(folder)) + sep)) continue;
    throw new ModelError(
      `Expected the weights ${data} to lie beside ${basename(graph)}, found a link to ${real}, which ONNX Runtime does not follow: put a copy in its place`,
    );
  }
  return graph;
};

const list = (path: string): Promise<string[]> => readdir(path).catch(() => []);
const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
