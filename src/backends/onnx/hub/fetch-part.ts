import { constants } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { DownloadError } from './download-error.ts';
import type { HubModel } from './hub-model.ts';
import type { HubSettings } from './hub-settings.ts';
import { persist } from './persist.ts';
import type { RemoteFile } from './remote-file.ts';
import { requestFile } from './request-file.ts';

/** Where a file comes from, and who follows it. */
export type Fetching = {
  readonly hub: HubSettings;
  readonly model: HubModel;
  readonly signal: AbortSignal;
  /** Called with how many bytes there are of the file: at first those that an earlier download left. */
  readonly onLength: (length: number) => void;
};

/**
 * Fetches a file of a model into `part`, from where that ends: what is in it already is the beginning of this version of
 * the file. Bytes are written to where they belong and nothing is ever cut off, so that several processes may fill the
 * same part at once.
 *
 * @throws DownloadError where the connection breaks again and again, or the file is not as it was said to be.
 */
export const fetchPart = async (file: RemoteFile, part: string, fetching: Fetching): Promise<void> => {
  const handle = await open(part, constants.O_RDWR | constants.O_CREAT);
  try {
    let at = isResumable(file) ? (await handle.stat()).size : 0;
    let furthest = at;
    fetching.onLength(at);
    await persist(fetching.signal, async (brought) => {
      if (at === file.size) return;
      await receive(file, handle, at, fetching, (next) => {
        at = next;
        // Where nothing can be continued, coming as far as before is not progress.
        if (at > furthest) brought();
        furthest = Math.max(furthest, at);
        fetching.onLength(at);
      });
    });
    // What has its final name has to be whole even if the power fails.
    await handle.sync();
  } catch (error) {
    // Of a file that does not end where it should, nothing is worth keeping.
    if (!isResumable(file) || (error instanceof DownloadError && !error.passing)) await rm(part, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
};

const isResumable = ({ size, etag }: RemoteFile): boolean => size !== undefined && etag !== undefined;

/** Reads one answer to its end, which has to be the end of the file. */
const receive = async (
  file: RemoteFile,
  handle: FileHandle,
  from: number,
  { hub, model, signal }: Fetching,
  moved: (at: number) => void,
): Promise<void> => {
  const { path, size, etag } = file;
  const rest = from > 0 && isResumable(file) ? { range: `${from}-`, etag: etag as string } : {};
  const answer = await requestFile(hub, model, path, { signal, ...rest });
  if (!answer) throw changed(file, model);
  try {
    if (answer.status === 416) throw wrongLength(file, from, model);
    // What somebody else answers, such as a form to log in with, is not a part of it.
    if (etag !== undefined && answer.headers.get('etag') !== etag) throw changed(file, model);
    let at = answer.status === 206 ? from : 0;
    for (let piece = await answer.read(); piece; piece = await answer.read()) {
      const next = at + piece.length;
      if (next > (size ?? next)) throw wrongLength(file, next, model);
      await handle.write(piece, 0, piece.length, at);
      at = next;
      moved(at);
    }
    if (at < (size ?? at)) throw wrongLength(file, at, model);
  } finally {
    answer.close();
  }
};

const changed = ({ path }: RemoteFile, { id }: HubModel): DownloadError =>
  new DownloadError(`Expected ${path} of ${id} to stay as it is, received something else meanwhile: ask again`);

const wrongLength = ({ path, size }: RemoteFile, found: number, { id }: HubModel): DownloadError =>
  new DownloadError(`Expected ${path} of ${id} to have ${size} bytes, received ${found}: ask again`, {
    passing: found < (size ?? 0),
  });
