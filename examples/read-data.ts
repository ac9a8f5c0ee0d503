import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const root = dirname(createRequire(import.meta.url).resolve('millrace/package.json'));

/** Reads a file of `examples/data`, which stays where it is when the examples are compiled. */
export const readData = (name: string): string => readFileSync(join(root, 'examples/data', name), 'utf8');
