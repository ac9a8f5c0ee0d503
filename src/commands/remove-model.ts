import { rm, rmdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { FindOptions } from '../backends/onnx/find-model.ts';
import { cacheFolder } from '../backends/onnx/hub/cache-folder.ts';
import { hubModel } from '../backends/onnx/hub/hub-model.ts';
import { hubSettings } from '../backends/onnx/hub/hub-settings.ts';
import { ModelError } from '../backends/onnx/model-error.ts';
import { folderSize } from './folder-size.ts';
import { showBytes } from './show-bytes.ts';
import type { Stage } from './stage.ts';

/**
 * Deletes all that was downloaded of a model, or of one revision of it. Nothing outside the cache is ever deleted.
 *
 * @throws ModelError where nothing of it is there.
 */
export const removeModel = async (name: string, options: FindOptions, { output }: Stage): Promise<void> => {
  const model = hubModel(name, options);
  const { cacheDir } = await hubSettings(options.cacheDir);
  const folder = model && resolve(cacheFolder(cacheDir, model));
  const bytes = folder === undefined ? undefined : await folderSize(folder);
  if (folder === undefined || bytes === undefined) {
    throw new ModelError(
      `Expected a download of ${name} in ${folder ?? cacheDir}, found none: \`millrace models list\` shows what is here`,
    );
  }
  await rm(folder, { recursive: true });
  // The folder of its owner goes with the last of their models.
  await rmdir(dirname(folder)).catch(() => undefined);
  output.write(`Removed ${name}: ${showBytes(bytes)} from ${folder}\n`);
};
