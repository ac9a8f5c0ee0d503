import { createRequire } from 'node:module';
import { join } from 'node:path';
import { benchFolder } from './bench-folder.ts';

/** Finds the file that a package begins with, or one of its parts, such as `ai/test`. It need not be installed. */
export const peerEntry = (name: string): string | undefined => {
  try {
    return createRequire(join(benchFolder, 'package.json')).resolve(name);
  } catch {
    return undefined;
  }
};
