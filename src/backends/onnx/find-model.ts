import { stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import type { Dtype } from './dtype.ts';
import { aliases } from './hub/aliases.ts';
import { cacheFolder } from './hub/cache-folder.ts';
import { type HubModel, hubModel } from './hub/hub-model.ts';
import { hubSettings } from './hub/hub-settings.ts';
import type { DownloadWatch } from './hub/model-download.ts';
import { sharedDownload } from './hub/shared-download.ts';
import { wholeModel } from './hub/whole-model.ts';
import { ModelError } from './model-error.ts';
import { embeddedName, resolveModel } from './resolve-model.ts';

/** Where a model is looked for, and in which form. */
export type FindOptions = {
  readonly dtype?: Dtype;
  readonly revision?: string;
  readonly cacheDir?: string;
  readonly modelsDir?: string;
  readonly allowDownload?: boolean;
};

/** A model that is on this machine, whole. */
export type FoundModel = {
  readonly folder: string;
  /** Absent where the folder itself is to decide. */
  readonly dtype?: Dtype;
};

/**
 * Finds the folder of a model. A path is that folder. A name is, in this order: a folder of that name where the program
 * runs; one in `modelsDir`; the embedded model; a whole model in the cache; one that is downloaded into it, where that is
 * allowed. Nothing is asked of the network before the last of these.
 *
 * @param model A path, an alias, or an id of the hub such as `owner/name`. Defaults to the embedded model.
 * @param watch Whoever waits: leaving ends a download that nobody else waits for.
 * @throws ModelError that says where it looked and what to do, DownloadError where a download broke off.
 */
export const findModel = async (
  model: string | undefined,
  options: FindOptions,
  watch: DownloadWatch,
): Promise<FoundModel> => {
  const { dtype } = options;
  const inFolder = (folder: string): FoundModel => ({ folder, ...(dtype && { dtype }) });
  if (model === undefined) return inFolder(resolveModel());
  if (isPath(model) || (await isFolder(resolve(model)))) return inFolder(resolveModel(model));

  const wanted = hubModel(model, options);
  const looked = [resolve(model)];
  const modelsDir = options.modelsDir ?? process.env.MILLRACE_MODELS;
  for (const name of modelsDir ? new Set([model, wanted?.id ?? model]) : []) {
    const folder = resolve(modelsDir as string, name);
    if (await isFolder(folder)) return inFolder(folder);
    looked.push(folder);
  }
  const embedded = embeddedFolder(model, wanted, options);
  if (embedded !== undefined) return inFolder(embedded);
  if (!wanted) throw unknownName(model, looked);
  return findOnHub(wanted, options, looked, watch);
};

const findOnHub = async (
  model: HubModel,
  { cacheDir, allowDownload = false }: FindOptions,
  looked: readonly string[],
  watch: DownloadWatch,
): Promise<FoundModel> => {
  const hub = await hubSettings(cacheDir);
  const folder = resolve(cacheFolder(hub.cacheDir, model));
  const whole = async (): Promise<FoundModel> => ({ folder, dtype: await wholeModel(folder, model.dtype) });
  const missing = await whole().catch((error: Error) => error);
  if (!(missing instanceof Error)) return missing;
  watch.signal.throwIfAborted();
  if (!allowDownload || !hub.remote) throw notHere(model, [...looked, folder], missing);
  await new Promise<void>((done, fail) => {
    const waiting = sharedDownload(model, folder, hub).subscribe({
      next: watch.onProgress,
      error: fail,
      complete: done,
    });
    const leave = () => {
      waiting.unsubscribe();
      fail(watch.signal.reason);
    };
    watch.signal.addEventListener('abort', leave, { once: true });
  });
  return whole();
};

/** The embedded model, where the name stands for it and its package is installed. */
const embeddedFolder = (
  model: string,
  wanted: HubModel | undefined,
  { dtype, revision }: FindOptions,
): string | undefined => {
  if (model === embeddedName) return resolveModel();
  if (!wanted?.alias?.embedded || dtype || revision) return undefined;
  try {
    return resolveModel();
  } catch {
    return undefined;
  }
};

const notHere = ({ name, id, revision }: HubModel, looked: readonly string[], missing: Error): ModelError => {
  const version = revision === 'main' ? id : `${id}, revision ${revision}`;
  const shown = version === name ? name : `${name} (${version})`;
  return new ModelError(
    `Expected the model ${shown} on this machine, looked at ${looked.join(', ')} and found no whole one (${missing.message}): run \`npx millrace models pull ${name}\`, or set \`allowDownload\``,
    { cause: missing },
  );
};

const unknownName = (name: string, looked: readonly string[]): ModelError =>
  new ModelError(
    `Expected the folder of a model, an id of the hub such as owner/name, or one of ${Object.keys(aliases).join(', ')}, received ${JSON.stringify(name)}, looked at ${looked.join(', ')} and found nothing`,
  );

const isPath = (model: string): boolean => isAbsolute(model) || /^\.|\\/.test(model);

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
