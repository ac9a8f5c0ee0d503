import { ModelError } from '../model-error.ts';
import { DownloadError } from './download-error.ts';
import type { HubModel } from './hub-model.ts';
import type { HubSettings } from './hub-settings.ts';

/** A server that says nothing for so long, in milliseconds, is given up. */
const patience = 30_000;

/** What a request brought: its answer, of which nothing is read yet. */
export type FileAnswer = {
  readonly status: number;
  readonly headers: Headers;
  /** The next piece, or nothing at the end. @throws DownloadError where the connection breaks. */
  readonly read: () => Promise<Uint8Array | undefined>;
  /** Drops what has not been read. To be called in any case. */
  readonly close: () => void;
};

/**
 * Asks the hub for a file of a model, or for its end.
 *
 * @param from The first byte that is wanted. `etag` names the version of which it is the continuation.
 * @returns `undefined` where there is no such file.
 * @throws DownloadError where asking again may help, ModelError where it does not.
 */
export const requestFile = async (
  hub: HubSettings,
  model: HubModel,
  file: string,
  { signal, range, etag }: { readonly signal: AbortSignal; readonly range?: string; readonly etag?: string },
): Promise<FileAnswer | undefined> => {
  const url = hub.url(model, file);
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new Error(`nothing came for ${patience / 1000} s`)), patience);
  const close = () => {
    clearTimeout(timer);
    silence.abort();
  };
  const broken = (what: string, cause: unknown): never => {
    close();
    signal.throwIfAborted();
    throw new DownloadError(
      `Expected ${file} of ${model.id} from ${url}, ${what} (${reasonOf(cause)}): ask again later`,
      {
        cause,
      },
    );
  };
  const headers = {
    // Lengths and ranges are those of the file, not of what is packed for the way.
    'accept-encoding': 'identity',
    ...(range && { range: `bytes=${range}` }),
    ...(etag && { 'if-range': etag }),
    ...authorization(url),
  };
  const both = AbortSignal.any([signal, silence.signal]);
  const response = await hub
    .fetch(url, { headers, signal: both })
    .catch((cause) => broken('found no connection', cause));
  if (!response.ok && response.status !== 416) {
    close();
    return refuse(response.status, model, file, url);
  }
  const reader = response.body?.getReader();
  return {
    status: response.status,
    headers: response.headers,
    read: async () => {
      const piece = await reader?.read().catch((cause) => broken('the connection broke', cause));
      timer.refresh();
      return piece?.value;
    },
    close,
  };
};

const refuse = (status: number, { id, revision }: HubModel, file: string, url: string): undefined => {
  if (status === 404) return undefined;
  if (status === 401 || status === 403) {
    throw new ModelError(
      `Expected ${id} to be open to everyone, ${url} answered ${status}: see that the name is right; a model behind a form needs its terms accepted, and an access token in HF_TOKEN`,
    );
  }
  const again = status >= 500 || status === 408 || status === 429;
  const message = `Expected ${file} of ${id} (revision ${revision}), ${url} answered ${status}`;
  if (again) throw new DownloadError(`${message}: ask again later`);
  throw new ModelError(`${message}: see that the model's name and revision are right`);
};

/** A token goes to nobody but the hub itself. */
const authorization = (url: string): { readonly authorization?: string } => {
  const { protocol, hostname } = new URL(url);
  const token = process.env.HF_TOKEN ?? process.env.HF_ACCESS_TOKEN;
  const own = protocol === 'https:' && ['huggingface.co', 'hf.co'].includes(hostname);
  return own && token ? { authorization: `Bearer ${token}` } : {};
};

const reasonOf = (cause: unknown): string => {
  const { message, cause: deeper } = cause as Error;
  const { code, message: inner } = (deeper ?? {}) as NodeJS.ErrnoException;
  return code ?? inner ?? message;
};
