import { ModelError } from './model-error.ts';

/** The error for a file that is there and cannot be read. */
export const damagedFile = (path: string, reason: string, cause?: unknown): ModelError =>
  new ModelError(
    `Expected ${path} to be whole, found it damaged (${reason}): copy or download it again`,
    cause === undefined ? undefined : { cause },
  );
