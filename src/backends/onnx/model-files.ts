import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ModelError } from './model-error.ts';

/** A JSON object of a model's folder. */
export type JsonObject = { readonly [key: string]: unknown };

const suffixes = {
  fp32: '',
  fp16: '_fp16',
  q8: '_quantized',
  int8: '_int8',
  uint8: '_uint8',
  q4: '_q4',
  q4f16: '_q4f16',
  bnb4: '_bnb4',
} as const;

/** How a model's weights are stored, named as transformers.js names them. */
export type Dtype = keyof typeof suffixes;

/** Every `Dtype`, in the order in which they are looked for where nothing says which. */
export const dtypes: readonly Dtype[] = Object.keys(suffixes) as Dtype[];

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
    throw new ModelError(damaged(join(folder, file), (cause as Error).message), { cause });
  }
  throw new ModelError(damaged(join(folder, file), 'it holds no object'));
};

const findGraph = async (folder: string, config: JsonObject, wanted?: Dtype): Promise<string> => {
  const places = [join(folder, 'onnx'), folder];
  const files = (await Promise.all(places.map(list))).flatMap((names, place) =>
    names.filter((name) => name.endsWith('.onnx')).map((name) => ({ name, path: join(places[place] as string, name) })),
  );
  const preferred = wanted ?? configuredDtype(config);
  const order = preferred === undefined ? dtypes : wanted === undefined ? [preferred, ...dtypes] : [wanted];
  for (const dtype of order) {
    const file = files.find(({ name }) => name === `model${suffixes[dtype]}.onnx`);
    if (file) return withData(file.path, config);
  }
  const found = files.length === 0 ? 'no .onnx file' : files.map(({ name }) => name).join(', ');
  const names = wanted === undefined ? 'model.onnx or model_<dtype>.onnx' : `model${suffixes[wanted]}.onnx`;
  throw new ModelError(
    `Expected ${join(folder, 'onnx')} to hold ${names}, found ${found}: ${wanted === undefined ? 'take an export for text generation, as transformers.js loads it' : 'name another `dtype` or add the file'}`,
  );
};

const configuredDtype = (config: JsonObject): Dtype | undefined => {
  const own = config['transformers.js_config'];
  const dtype = isObject(own) ? own.dtype : undefined;
  const named = isObject(dtype) ? dtype.model : dtype;
  return dtypes.find((name) => name === named);
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

/** Says of a file that it cannot be read, why, and what to do. */
export const damaged = (path: string, reason: string): string =>
  `Expected ${path} to be whole, found it damaged (${reason}): copy or download it again`;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const readText = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined);
const list = (path: string): Promise<string[]> => readdir(path).catch(() => []);
const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
