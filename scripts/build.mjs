// Compiles the library to dist/, then the examples and benches, which import it by its name, to build/.
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';

const compile = (project) => {
  const { status } = spawnSync('npx', ['--no-install', 'tsc', '-p', project], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
};

rmSync('dist', { recursive: true, force: true });
rmSync('build', { recursive: true, force: true });
compile('tsconfig.build.json');
compile('tsconfig.programs.json');
writeFileSync('build/stamp', '');
