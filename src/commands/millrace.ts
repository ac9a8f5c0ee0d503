#!/usr/bin/env node
import { runModels } from './run-models.ts';
import { usage } from './usage.ts';

// The command line of the package: `npx millrace models list`.
const [command, ...words] = process.argv.slice(2);
const leaving = new AbortController();
// The second Ctrl-C finds no listener and ends the process at once.
process.once('SIGINT', () => leaving.abort());

if (command === 'models') {
  process.exitCode = await runModels(words, {
    output: process.stdout,
    complain: (message) => console.error(message),
    signal: leaving.signal,
  });
} else {
  const asked = command === '--help' || command === '-h';
  console[asked ? 'log' : 'error'](usage);
  process.exitCode = asked ? 0 : 2;
}
