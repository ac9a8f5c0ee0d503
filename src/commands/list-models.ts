import type { FindOptions } from '../backends/onnx/find-model.ts';
import { type Alias, aliases } from '../backends/onnx/hub/aliases.ts';
import { hubSettings } from '../backends/onnx/hub/hub-settings.ts';
import { type LocalModel, localModels } from './local-models.ts';
import { showBytes } from './show-bytes.ts';
import type { Stage } from './stage.ts';
import { table } from './table.ts';

/** Prints the models that can be named, and which of them are here. */
export const listModels = async (options: FindOptions, { output }: Stage): Promise<void> => {
  const { cacheDir } = await hubSettings(options.cacheDir);
  const rows = (await localModels({ ...options, cacheDir })).map((model) => row(model, aliases[model.name]));
  output.write(`${table(['name', 'on the hub', 'form', 'licence', 'download', 'here'], rows).join('\n')}\n`);
  output.write(`\nDownloads are kept in ${cacheDir}.\n`);
};

const row = ({ name, here }: LocalModel, alias: Alias | undefined): readonly string[] => [
  name,
  alias?.id ?? (name.includes('/') ? name : ''),
  alias?.dtype ?? '',
  alias?.license ?? '',
  alias?.bytes === undefined ? '' : `about ${showBytes(alias.bytes)}`,
  here === undefined ? '' : `${showBytes(here.bytes)}${here.whole ? '' : ', not whole'}`,
];
