import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { InferenceSession } from 'onnxruntime-node';
import { damagedFile } from './damaged-file.ts';
import type { ExecutionProvider } from './execution-provider.ts';
import { graphFault } from './graph-fault.ts';
import type { LoadOptions } from './load-options.ts';
import { missingPeer } from './missing-peer.ts';
import { type Opened, openWithFirst } from './open-with-first.ts';
import { shareWeights } from './share-weights.ts';
import { withStopOutput } from './stop-output.ts';

export type { InferenceSession, Tensor } from 'onnxruntime-node';

/** The package onnxruntime-node. */
export type Runtime = typeof import('onnxruntime-node');

/** A model that is open in the runtime. */
export type Session = Opened<InferenceSession> & { readonly runtime: Runtime };

/**
 * Opens a model with the first execution provider that works, with a stop output in front of its own outputs.
 *
 * @param graph The path of the .onnx file.
 * @throws ModelError where the package or the file does not load.
 */
export const openSession = async (
  graph: string,
  { executionProviders, threads }: Pick<LoadOptions, 'executionProviders' | 'threads'>,
): Promise<Session> => {
  const runtime = await importRuntime();
  const supported = runtime.listSupportedBackends().map(({ name }) => name);
  const model = await readModel(graph);
  const opened = await openWithFirst(executionProviders, supported, (executionProvider) =>
    openForm(runtime, graph, model, { executionProvider, threads }),
  );
  return { ...opened, runtime };
};

/**
 * Opens a model as these bytes have it, with a stop output in front of its own outputs.
 *
 * @param graph The path of the .onnx file, beside which its other files are.
 * @throws ModelError where the bytes or the files are at fault.
 */
export const openForm = async (
  runtime: Runtime,
  graph: string,
  form: Uint8Array,
  {
    executionProvider,
    threads,
  }: { readonly executionProvider: ExecutionProvider; readonly threads?: number | undefined },
): Promise<InferenceSession> => {
  try {
    return await runtime.InferenceSession.create(withStopOutput(shareWeights(form)), {
      executionProviders: [executionProvider],
      ...(threads !== undefined && { intraOpNumThreads: threads }),
      logSeverityLevel: 4,
      // A model that comes as bytes does not know where the files beside it are.
      extra: { session: { model_external_initializers_file_folder_path: dirname(graph) } },
    });
  } catch (cause) {
    throw graphFault(graph, cause as Error) ?? cause;
  }
};

const importRuntime = async (): Promise<Runtime> => {
  // Read when the native part loads: from then on it is too late.
  process.env.ORT_DISABLE_TELEMETRY = '1';
  const runtime = await import('onnxruntime-node').catch((cause: unknown) => {
    throw missingPeer('onnxruntime-node', cause);
  });
  runtime.env.logLevel = 'fatal';
  return runtime;
};

/** A protobuf message is smaller than 2 GB, and so is every .onnx file; what does not fit into it lies in files beside it. */
const readModel = async (graph: string): Promise<Uint8Array> => {
  try {
    return await readFile(graph);
  } catch (cause) {
    throw damagedFile(graph, (cause as Error).message, cause);
  }
};
