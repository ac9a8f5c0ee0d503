import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ExecutionProvider } from '../backends/onnx/execution-provider.ts';

/** What came of trying an execution provider. */
export type ProviderTrial = {
  readonly executionProvider: ExecutionProvider;
  /** Why it does not work here; absent where it does. */
  readonly reason?: string;
  /** Whether ONNX Runtime was loaded with its telemetry on. */
  readonly telemetry?: boolean;
};

/** Computes something with an execution provider, in a process of its own. */
export const tryProvider = (executionProvider: ExecutionProvider): Promise<ProviderTrial> =>
  new Promise((resolve) => {
    const program = fileURLToPath(new URL('./try-provider.js', import.meta.url));
    const child = spawn(process.execPath, [program, executionProvider], { stdio: ['ignore', 'pipe', 'ignore'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.on('error', (error) => resolve({ executionProvider, reason: error.message }));
    child.on('close', (code, signal) => {
      try {
        const { reason, telemetry } = JSON.parse(output);
        // Behind the sentence that counts up what was tried, which is one here.
        const plain = reason?.split(`. ${executionProvider}: `).at(-1);
        resolve({ executionProvider, telemetry, ...(plain && { reason: plain }) });
      } catch {
        resolve({ executionProvider, reason: `it ended its process (${signal ?? `exit code ${code}`})` });
      }
    });
  });
