import type { JsonObject } from './model-files.ts';

/** More than any model has; transformers.js draws the line here too. */
const most = 100;

/** The names of the files with weights that config.json gives for a .onnx file, as transformers.js counts them. */
export const configuredFiles = (graph: string, config: JsonObject): readonly string[] => {
  const own = config['transformers.js_config'];
  const format = isObject(own) ? own.use_external_data_format : undefined;
  const count = Number((isObject(format) ? (format[graph] ?? format.model) : format) ?? 0);
  return Array.from(
    { length: Math.min(count || 0, most) },
    (_, part) => `${graph}_data${part === 0 ? '' : `_${part}`}`,
  );
};

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null;
