import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionProvider } from '../backends/onnx/execution-provider.ts';
import { openSession } from '../backends/onnx/session.ts';

// A program of its own, since what it tries may end its process: opens and runs a graph that adds a number to itself
// with the execution provider that it is given, and says what came of it.
const addition = 'CAg6PAoOCgF4CgF4EgF5IgNBZGQSCGFkZGl0aW9uWg8KAXgSCgoICAESBAoCCAFiDwoBeRIKCggIARIECgIIAUIECgAQEQ==';

const attempt = async (executionProvider: ExecutionProvider): Promise<string | undefined> => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-'));
  try {
    const graph = join(folder, 'addition.onnx');
    await writeFile(graph, Buffer.from(addition, 'base64'));
    const { session, runtime } = await openSession(graph, { executionProviders: [executionProvider] });
    const { y } = await session.run({ x: new runtime.Tensor('float32', [21], [1]) }, ['y']);
    return y?.data[0] === 42 ? undefined : 'it computes something else';
  } catch (error) {
    return (error as Error).message;
  } finally {
    await rm(folder, { recursive: true });
  }
};

const reason = await attempt(process.argv[2] as ExecutionProvider);
console.log(JSON.stringify({ reason, telemetry: process.env.ORT_DISABLE_TELEMETRY !== '1' }));
