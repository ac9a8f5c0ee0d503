import { type Dtype, dtypes } from './dtype.ts';
import type { JsonObject } from './model-files.ts';

/**
 * Which of a model's .onnx files to look for, first to last: the one that is wanted and no other; else the one that
 * `transformers.js_config` in config.json names, then all.
 *
 * @param all In the order in which they are looked for where nothing says which.
 */
export const graphDtypes = (
  config: JsonObject,
  wanted: Dtype | undefined,
  all: readonly Dtype[] = dtypes,
): readonly Dtype[] => {
  if (wanted) return [wanted];
  const own = config['transformers.js_config'];
  const dtype = isObject(own) ? own.dtype : undefined;
  const named = isObject(dtype) ? dtype.model : dtype;
  return [...all.filter((name) => name === named), ...all];
};

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null;
