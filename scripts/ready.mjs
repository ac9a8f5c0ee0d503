// Makes a clone ready to run: installs from the lock file and builds, each only when something it depends on is newer.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

const changed = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

const newest = (path) => {
  if (!existsSync(path)) return 0;
  if (!statSync(path).isDirectory()) return changed(path);
  const names = readdirSync(path).filter((name) => name !== 'node_modules');
  return Math.max(0, ...names.map((name) => newest(`${path}/${name}`)));
};

const run = (command, ...args) => {
  const { status } = spawnSync(command, args, { stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
};

if (changed('node_modules/.package-lock.json') < changed('package-lock.json')) {
  console.error('Installing what package-lock.json names …');
  run('npm', 'ci', '--no-audit', '--no-fund', '--loglevel=error');
}

if (!process.argv.includes('--install-only')) {
  const sources = [
    'src',
    'examples',
    'bench',
    'soak',
    'test/support',
    'package.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'tsconfig.programs.json',
  ];
  if (changed('build/stamp') < Math.max(...sources.map(newest))) {
    console.error('Building …');
    run(process.execPath, 'scripts/build.mjs');
  }
}
