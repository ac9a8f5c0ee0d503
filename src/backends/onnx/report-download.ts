import { frameStorage } from '#frame-storage';
import type { DownloadProgress } from '../../runtime/download-progress.ts';

/** Gives what reports the download of a model on the step whose request waits for it: the one that runs now. */
export const reportDownload = (): ((progress: DownloadProgress) => void) => {
  const frame = frameStorage.getStore();
  return (progress) => frame?.report({ type: 'download', ...progress });
};
