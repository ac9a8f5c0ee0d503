import type { HubModel } from './hub-model.ts';
import type { HubSettings } from './hub-settings.ts';
import { persist } from './persist.ts';
import { requestFile } from './request-file.ts';

/** A file of a model on the hub. */
export type RemoteFile = {
  /** Its path in the model, such as `onnx/model_q4.onnx`. */
  readonly path: string;
  /** Its length in bytes; absent where the server does not tell. */
  readonly size?: number;
  /** Names this version of it; absent where the server does not tell, or the name does not stand for its every byte. */
  readonly etag?: string;
};

/** Looks whether the hub has a file, by asking for its first byte. */
export const lookFor = (
  hub: HubSettings,
  model: HubModel,
  path: string,
  signal: AbortSignal,
): Promise<RemoteFile | undefined> =>
  persist(signal, async () => {
    const answer = await requestFile(hub, model, path, { signal, range: '0-0' });
    answer?.close();
    if (!answer) return undefined;
    const size = lengthOf(answer);
    const etag = answer.headers.get('etag');
    return { path, ...(size !== undefined && { size }), ...(etag?.startsWith('"') && { etag }) };
  });

/** The length of the whole file: behind the slash of `bytes 0-0/1234`, or of all that is sent. */
const lengthOf = ({ status, headers }: { readonly status: number; readonly headers: Headers }): number | undefined => {
  const part = /\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1];
  const told = status === 200 ? headers.get('content-length') : part;
  return told ? Number(told) : undefined;
};
