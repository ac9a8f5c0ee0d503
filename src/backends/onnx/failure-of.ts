import { BackendError } from '../../runtime/backend-error.ts';
import { DownloadError } from './hub/download-error.ts';
import { ThreadDeath } from './thread-death.ts';

/** A failure as who asked is told. A download that broke off and a thread that died may go better the next time. */
export const failureOf = (backend: string, cause: unknown): BackendError => {
  const retryable = cause instanceof ThreadDeath || cause instanceof DownloadError;
  return new BackendError((cause as Error).message, { backend, retryable, cause });
};
