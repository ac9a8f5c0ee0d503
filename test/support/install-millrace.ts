import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Makes a folder in `temporary` where only the built Millrace, what it depends on, RxJS and `names` are installed. */
export const installMillrace = (temporary: string, names: readonly string[]): string => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const place = mkdtempSync(join(temporary, 'program-'));
  const modules = join(place, 'node_modules');
  mkdirSync(join(modules, 'millrace'), { recursive: true });
  for (const file of ['dist', 'package.json'])
    cpSync(join(root, file), join(modules, 'millrace', file), { recursive: true });
  for (const name of ['rxjs', ...Object.keys(dependencies), ...names]) {
    mkdirSync(join(modules, name, '..'), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  return place;
};
