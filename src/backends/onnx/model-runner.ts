import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { damagedFile } from './damaged-file.ts';
import type { ExecutionProvider, PassedOver } from './execution-provider.ts';
import { type GraphLayout, readGraphLayout } from './graph-layout.ts';
import type { LoadOptions } from './load-options.ts';
import { missingPeer } from './missing-peer.ts';
import type { ModelFiles } from './model-files.ts';
import type { Guard } from './native-gate.ts';
import { type Opened, openWithFirst } from './open-with-first.ts';
import type { Work } from './work.ts';

type Runtime = typeof import('onnxruntime-node');

/** Computes with ONNX Runtime. Everything that knows tensors is here. */
export class ModelRunner {
  /** The one that really runs. */
  readonly executionProvider: ExecutionProvider;
  /** Those that were tried before it. */
  readonly passedOver: readonly PassedOver[];
  /** The most tokens of a prompt to compute in one run. */
  readonly chunk: number;
  /** How many scores a token has. */
  readonly vocabulary: number;
  readonly #runtime: Runtime;
  readonly #session: InferenceSession;
  readonly #layout: GraphLayout;
  readonly #guard: Guard;
  readonly #empty: readonly Tensor[];
  readonly #caches: readonly string[];
  // Both only grow: each run sees the part that it needs.
  #ones = new BigInt64Array();
  #positions = new BigInt64Array();

  /**
   * @param guard Surrounds every run.
   * @throws ModelError where the package or the file does not load, or the model is of a kind that is not supported.
   */
  static async load(
    files: Pick<ModelFiles, 'graph' | 'config'>,
    options: Pick<LoadOptions, 'executionProviders' | 'threads'>,
    guard: Guard = (native) => native(),
  ): Promise<ModelRunner> {
    const runtime = await importRuntime();
    const supported = runtime.listSupportedBackends().map(({ name }) => name);
    const opened = await openWithFirst(options.executionProviders, supported, (executionProvider) =>
      open(runtime, files.graph, executionProvider, options.threads),
    );
    const { inputMetadata, outputMetadata } = opened.session;
    return new ModelRunner(runtime, opened, readGraphLayout(inputMetadata, outputMetadata, files.config), guard);
  }

  private constructor(runtime: Runtime, opened: Opened<InferenceSession>, layout: GraphLayout, guard: Guard) {
    this.executionProvider = opened.executionProvider;
    this.passedOver = opened.passedOver;
    this.chunk = layout.chunk;
    this.vocabulary = layout.vocabulary;
    this.#runtime = runtime;
    this.#session = opened.session;
    this.#layout = layout;
    this.#guard = guard;
    this.#empty = layout.caches.map(
      ({ type, heads, size }) => new runtime.Tensor(type, emptyOf(type) as never, [1, heads, 0, size]),
    );
    this.#caches = layout.caches.map(({ output }) => output);
  }

  /** Computes the tokens of `work`, adds them to its cache, and gives the scores after the last `keep` of them. */
  async run({ ids, cache, keep }: Work): Promise<Float32Array | undefined> {
    const length = cache.length + ids.length;
    const feeds: Record<string, Tensor> = {
      ...this.#inputs(ids, cache.length, keep),
      ...Object.fromEntries(this.#layout.caches.map(({ input }, slot) => [input, this.#past(cache.entries, slot)])),
    };
    const wanted = keep > 0 ? ['logits', ...this.#caches] : this.#caches;
    const results = await this.#guard(() => this.#session.run(feeds, wanted));
    cache.extend(
      this.#caches.map((name) => results[name]),
      length,
    );
    return keep > 0 ? lastRows(results.logits as Tensor, keep) : undefined;
  }

  #past(entries: readonly unknown[], slot: number): Tensor {
    return (entries[slot] ?? this.#empty[slot]) as Tensor;
  }

  #inputs(ids: readonly number[], past: number, keep: number): Record<string, Tensor> {
    const { attentionMask, positionIds, logitsToKeep } = this.#layout;
    const length = past + ids.length;
    this.#reserve(length);
    const integers = (values: BigInt64Array, shape: readonly number[]) =>
      new this.#runtime.Tensor('int64', values, shape);
    return {
      input_ids: integers(BigInt64Array.from(ids, BigInt), [1, ids.length]),
      ...(attentionMask && { attention_mask: integers(this.#ones.subarray(0, length), [1, length]) }),
      ...(positionIds && { position_ids: integers(this.#positions.subarray(past, length), [1, ids.length]) }),
      ...(logitsToKeep && { num_logits_to_keep: integers(BigInt64Array.of(BigInt(keep || 1)), logitsToKeep) }),
    };
  }

  #reserve(length: number): void {
    if (this.#ones.length >= length) return;
    this.#ones = new BigInt64Array(2 * length).fill(1n);
    this.#positions = BigInt64Array.from({ length: 2 * length }, (_, position) => BigInt(position));
  }
}

const importRuntime = async (): Promise<Runtime> => {
  // Read when the native part loads: from then on it is too late.
  process.env.ORT_DISABLE_TELEMETRY = '1';
  const runtime = await import('onnxruntime-node').catch((cause: unknown) => {
    throw missingPeer('onnxruntime-node', cause);
  });
  runtime.env.logLevel = 'fatal';
  return runtime;
};

const open = async (
  runtime: Runtime,
  graph: string,
  executionProvider: ExecutionProvider,
  threads: number | undefined,
): Promise<InferenceSession> => {
  try {
    return await runtime.InferenceSession.create(graph, {
      executionProviders: [executionProvider],
      ...(threads !== undefined && { intraOpNumThreads: threads }),
      logSeverityLevel: 4,
    });
  } catch (cause) {
    const { message } = cause as Error;
    if (!/protobuf|ModelProto|external|deserialize/i.test(message)) throw cause;
    throw damagedFile(graph, message.trim(), cause);
  }
};

/** Half-precision numbers as bits, or as numbers where the platform knows them: whatever the runtime's tensors hold. */
const emptyOf = (type: 'float32' | 'float16'): ArrayLike<number> => {
  if (type === 'float32') return new Float32Array();
  const { Float16Array } = globalThis as { Float16Array?: new () => ArrayLike<number> };
  return Float16Array ? new Float16Array() : new Uint16Array();
};

const lastRows = ({ type, data, dims }: Tensor, rows: number): Float32Array => {
  const width = dims.at(-1) as number;
  const kept = (data as Float32Array | Uint16Array).subarray(-rows * width);
  if (type === 'float32') return kept as Float32Array;
  return kept instanceof Uint16Array ? Float32Array.from(kept, fromHalf) : Float32Array.from(kept);
};

const fromHalf = (bits: number): number => {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
};
