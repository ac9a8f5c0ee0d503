import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Where the sources of the benches are, and what they compare with is installed; the benches themselves run from build/. */
export const benchFolder: string = join(
  dirname(createRequire(import.meta.url).resolve('millrace/package.json')),
  'bench',
);
