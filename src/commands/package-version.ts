import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** The version of an installed package; `undefined` where it is not installed. */
export const packageVersion = async (name: string): Promise<string | undefined> => {
  try {
    const entry = fileURLToPath(import.meta.resolve(name)).replaceAll('\\', '/');
    const [folder] = new RegExp(`^.*/node_modules/${name}/`).exec(entry) ?? [];
    return JSON.parse(await readFile(`${folder}package.json`, 'utf8')).version;
  } catch {
    return undefined;
  }
};
