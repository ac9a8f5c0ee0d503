import { defer, type Observable } from 'rxjs';
import type { BackendFacts } from '../../runtime/backend-facts.ts';
import { planCache } from './cache-plan.ts';
import { contextLength } from './context-length.ts';
import { type FindOptions, type FoundModel, findModel } from './find-model.ts';
import { hubModel } from './hub/hub-model.ts';
import { hubSettings } from './hub/hub-settings.ts';
import type { LoadOptions } from './load-options.ts';
import { readModelFiles } from './model-files.ts';
import type { ModelPool } from './pool/model-pool.ts';
import { planLoad } from './pool/plan-load.ts';

/** What is in the files of a model, which stay as they are. */
type FileFacts = { readonly load: LoadOptions; readonly needed: number; readonly context: number };

/**
 * Tells what can be known of a model without loading or downloading it: from its files, and from its pool.
 *
 * @param toLoad How a model that was found would be loaded.
 */
export const modelFacts = (
  model: string | undefined,
  options: FindOptions,
  toLoad: (place: FoundModel) => LoadOptions,
  pool: ModelPool,
): Observable<BackendFacts> => {
  let known: FileFacts | undefined;

  const look = async (): Promise<BackendFacts> => {
    try {
      known ??= await readFacts(model, options, toLoad, pool);
      if (known === undefined) return { model: 'downloadable' };
    } catch (error) {
      return { model: 'missing', problem: (error as Error).message };
    }
    const { load, needed, context } = known;
    const memory = { needed, budget: pool.state().budget };
    return { model: pool.isLoaded(load) ? 'loaded' : 'present', memory, context };
  };
  return defer(look);
};

const readFacts = async (
  model: string | undefined,
  options: FindOptions,
  toLoad: (place: FoundModel) => LoadOptions,
  pool: ModelPool,
): Promise<FileFacts | undefined> => {
  const place = await findOffline(model, options);
  if (place === undefined) return undefined;
  const load = toLoad(place);
  const { footprint } = await planLoad(load, pool.state().budget);
  return { load, needed: footprint.total, context: await contextOf(load) };
};

/** The model on this machine; `undefined` where it is not, but may be downloaded. */
const findOffline = async (model: string | undefined, options: FindOptions): Promise<FoundModel | undefined> => {
  const watch = { signal: new AbortController().signal, onProgress: () => {} };
  try {
    return await findModel(model, { ...options, allowDownload: false }, watch);
  } catch (error) {
    if (await isDownloadable(model, options)) return undefined;
    throw error;
  }
};

const contextOf = async ({ folder, dtype, cacheTokens }: LoadOptions): Promise<number> => {
  const context = contextLength(await readModelFiles(folder, dtype));
  return Math.min(context, planCache(context, cacheTokens).tokens);
};

const isDownloadable = async (
  model: string | undefined,
  { allowDownload = false, cacheDir, ...wanted }: FindOptions,
): Promise<boolean> => {
  if (!allowDownload || model === undefined || hubModel(model, wanted) === undefined) return false;
  const { remote } = await hubSettings(cacheDir);
  return remote;
};
