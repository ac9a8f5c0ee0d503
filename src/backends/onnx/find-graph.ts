import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Dtype, dtypeSuffixes, dtypes } from './dtype.ts';
import { ModelError } from './model-error.ts';
import type { JsonObject } from './model-files.ts';

/**
 * Finds the .onnx file of a model in `onnx/` or in the folder itself, and makes sure that the weights that config.json
 * speaks of lie beside it.
 *
 * @param wanted Defaults to what config.json names, else to the first there is.
 * @throws ModelError that names what is there instead.
 */
export const findGraph = async (folder: string, config: JsonObject, wanted?: Dtype): Promise<string> => {
  const places = [join(folder, 'onnx'), folder];
  const files = (await Promise.all(places.map(list))).flatMap((names, place) =>
    names.filter((name) => name.endsWith('.onnx')).map((name) => ({ name, path: join(places[place] as string, name) })),
  );
  const order = wanted ? [wanted] : [...configuredDtype(config), ...dtypes];
  for (const dtype of order) {
    const file = files.find(({ name }) => name === `model${dtypeSuffixes[dtype]}.onnx`);
    if (file) return withData(file.path, config);
  }
  const found = files.length === 0 ? 'no .onnx file' : files.map(({ name }) => name).join(', ');
  const [names, advice] = wanted
    ? [`model${dtypeSuffixes[wanted]}.onnx`, 'name another `dtype` or add the file']
    : ['model.onnx or model_<dtype>.onnx', 'take an export for text generation, as transformers.js loads it'];
  throw new ModelError(`Expected ${join(folder, 'onnx')} to hold ${names}, found ${found}: ${advice}`);
};

/** The one that config.json names, if it names any. */
const configuredDtype = (config: JsonObject): readonly Dtype[] => {
  const own = config['transformers.js_config'];
  const dtype = isObject(own) ? own.dtype : undefined;
  const named = isObject(dtype) ? dtype.model : dtype;
  return dtypes.filter((name) => name === named);
};

const withData = async (graph: string, config: JsonObject): Promise<string> => {
  const own = config['transformers.js_config'];
  const format = isObject(own) ? own.use_external_data_format : undefined;
  const count = Number((isObject(format) ? (format[basename(graph)] ?? format.model) : format) ?? 0);
  for (let part = 0; part < count; part++) {
    const data = `${graph}_data${part === 0 ? '' : `_${part}`}`;
    if (!(await isFile(data))) {
      throw new ModelError(`Expected the weights ${data} beside ${basename(graph)}, found no such file: add it`);
    }
  }
  return graph;
};

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null;
const list = (path: string): Promise<string[]> => readdir(path).catch(() => []);
const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
