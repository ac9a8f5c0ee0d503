import { readFileSync, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { Example } from '../example.ts';
import { readData } from '../read-data.ts';
import { UsageError } from './parse-command.ts';

/**
 * Reads a user's file, or else the example's own, and tells which it was.
 *
 * @throws UsageError where there is no such file, or nothing in it.
 */
export const readInput = (
  file: string | undefined,
  { input }: Pick<Example, 'input'>,
): { readonly file: string; readonly text: string } => {
  const text = (file === undefined ? readData(input) : readText(file)).trim();
  if (text === '') throw new UsageError(`Expected --input to name a file with text in it, received ${shown(file)}`);
  return { file: file ?? `examples/data/${input}`, text };
};

const readText = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`Expected --input to name a file that can be read, received ${shown(file)} (${code})`);
  }
};

const shown = (file: string | undefined): string => JSON.stringify(file);

/**
 * Refuses the path of a model folder that does not exist. Of a name, nobody can say before it is looked for.
 *
 * @throws UsageError
 */
export const checkFolder = (folder: string): void => {
  if (!isAbsolute(folder) && !/^\.|\\/.test(folder)) return;
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`Expected --model to name a folder that exists, received ${JSON.stringify(folder)}`);
  }
};
