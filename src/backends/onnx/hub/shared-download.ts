import { finalize, Observable, ReplaySubject, share } from 'rxjs';
import type { DownloadProgress } from '../../../runtime/download-progress.ts';
import type { HubModel } from './hub-model.ts';
import type { HubSettings } from './hub-settings.ts';
import { ModelDownload } from './model-download.ts';

const running = new Map<string, Observable<DownloadProgress>>();

/**
 * The download of a model into a folder, which all who wait for it at the same time share: it begins with the first of
 * them and ends with the last. Completes when the model is there.
 */
export const sharedDownload = (model: HubModel, folder: string, hub: HubSettings): Observable<DownloadProgress> => {
  const key = JSON.stringify([folder, model.dtype]);
  const known = running.get(key);
  if (known) return known;
  const download = new Observable<DownloadProgress>((reader) => {
    const leaving = new AbortController();
    const watch = { signal: leaving.signal, onProgress: (progress: DownloadProgress) => reader.next(progress) };
    new ModelDownload(model, folder, hub, watch).run().then(
      () => reader.complete(),
      (error) => reader.error(error),
    );
    return () => leaving.abort();
  }).pipe(
    finalize(() => running.delete(key)),
    // Who comes later is told at once how far it is.
    share({ connector: () => new ReplaySubject(1) }),
  );
  running.set(key, download);
  return download;
};
