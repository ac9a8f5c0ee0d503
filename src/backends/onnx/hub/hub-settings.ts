import { missingPeer } from '../missing-peer.ts';
import { ModelError } from '../model-error.ts';
import type { HubModel } from './hub-model.ts';

/** Where models come from and where they are kept, as `env` of @huggingface/transformers has it. */
export type HubSettings = {
  readonly cacheDir: string;
  /** Whether `env.allowRemoteModels` lets anything be fetched. */
  readonly remote: boolean;
  /** Where a file of a model is. */
  readonly url: (model: HubModel, file: string) => string;
  readonly fetch: typeof fetch;
};

const usualHost = 'https://huggingface.co/';

/**
 * Reads the settings: `cacheDir`, `allowRemoteModels`, `remoteHost`, `remotePathTemplate` and
 * `fetch` of `env` of @huggingface/transformers.
 * Where `remoteHost` is as ever, the environment's `HF_ENDPOINT` comes before it.
 *
 * @param cacheDir Comes before that of `env`. The package is not loaded before it is needed.
 * @throws ModelError where the package is not installed.
 */
export const hubSettings = async (cacheDir?: string): Promise<HubSettings> => {
  const { env } = await import('@huggingface/transformers').catch((cause: unknown) => {
    throw missingPeer('@huggingface/transformers', cause);
  });
  const host = env.remoteHost === usualHost ? (process.env.HF_ENDPOINT ?? usualHost) : env.remoteHost;
  const kept = cacheDir ?? env.cacheDir;
  if (!kept) throw new ModelError('Expected `env.cacheDir` of @huggingface/transformers to name a folder, found none');
  return {
    cacheDir: kept,
    remote: env.allowRemoteModels,
    url: ({ id, revision }, file) => {
      const path = env.remotePathTemplate.replaceAll('{model}', id);
      const place = path.replaceAll('{revision}', encodeURIComponent(revision));
      return `${[host, place].map((part) => part.replace(/\/+$/, '')).join('/')}/${file}`;
    },
    fetch: (input, init) => env.fetch(input as string | URL, init),
  };
};
