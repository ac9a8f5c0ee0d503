import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How a program ended. */
export type Ended = { readonly code: number | null; readonly signal: string | null; readonly output: string };

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs a program in a process of its own and waits until it ends by itself.
 *
 * @param code The program, an ECMAScript module that may import Millrace by its name.
 * @param cwd Where it runs, and where its imports are looked for. Defaults to the project.
 * @param env What it finds in its environment beside what is in ours.
 */
export const runProgram = (code: string, cwd: string = root, env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
      cwd,
      env: { ...process.env, ...env },
    });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.on('error', reject);
    child.on('close', (exitCode, signal) => resolve({ code: exitCode, signal, output }));
  });
