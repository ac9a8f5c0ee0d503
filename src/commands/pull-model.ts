import { type FindOptions, findModel } from '../backends/onnx/find-model.ts';
import { type HubModel, hubModel } from '../backends/onnx/hub/hub-model.ts';
import { ModelError } from '../backends/onnx/model-error.ts';
import { folderSize } from './folder-size.ts';
import { ProgressLine } from './progress-line.ts';
import { showBytes } from './show-bytes.ts';
import type { Stage } from './stage.ts';

/**
 * Downloads a model of the hub, unless it is here, and shows how far it is.
 *
 * @throws ModelError, DownloadError where that is not possible.
 */
export const pullModel = async (
  name: string,
  options: FindOptions,
  { output, complain, signal }: Stage,
): Promise<void> => {
  const model = hubModel(name, options);
  if (!model) {
    throw new ModelError(
      `Expected a model's short name or an id such as owner/name after pull, received ${JSON.stringify(name)}: \`millrace models list\` shows the names`,
    );
  }
  const line = new ProgressLine(output);
  let came = false;
  const onProgress: ProgressLine['show'] = (progress) => {
    if (!came) output.write(`Downloading ${describe(model)}\n`);
    came = true;
    line.show(progress);
  };
  try {
    const { folder } = await findModel(name, { ...options, allowDownload: true }, { signal, onProgress });
    line.clear();
    const size = showBytes((await folderSize(folder)) ?? 0);
    output.write(`${name} is here${came ? '' : ' already'}: ${size} in ${folder}\n`);
  } catch (error) {
    line.clear();
    if (signal.aborted) complain('Stopped. What has come is kept; the next pull goes on from there.');
    throw error;
  }
};

/** `gemma3-1b (onnx-community/gemma-3-1b-it-ONNX-GQA, licence: Gemma)` */
const describe = ({ name, id, alias }: HubModel): string => (alias ? `${name} (${id}, licence: ${alias.license})` : id);
