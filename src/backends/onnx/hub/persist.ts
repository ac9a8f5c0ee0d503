import { setTimeout as pause } from 'node:timers/promises';
import { DownloadError } from './download-error.ts';

/** Milliseconds to wait after each failure in a row. */
const pauses: readonly number[] = [0, 500, 1000, 2000, 4000];

/**
 * Tries until it works, as long as the failures may pass: as often as an attempt brought something, and five times in a
 * row where none did.
 *
 * @param attempt Is told how to say that it brought something.
 * @throws DownloadError of the last attempt, or at once whatever else an attempt fails with.
 */
export const persist = async <T>(signal: AbortSignal, attempt: (brought: () => void) => Promise<T>): Promise<T> => {
  for (let failures = 0; ; failures++) {
    try {
      return await attempt(() => {
        failures = 0;
      });
    } catch (error) {
      const wait = pauses[failures];
      if (!(error instanceof DownloadError && error.passing) || wait === undefined) throw error;
      await pause(wait, undefined, { signal });
    }
  }
};
