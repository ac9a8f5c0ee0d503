import { failureOf } from '../failure-of.ts';
import { findModel } from '../find-model.ts';
import { checkOnnx, type OnnxOptions } from '../onnx-options.ts';
import { ModelPool } from '../pool/model-pool.ts';
import { planLoad } from '../pool/plan-load.ts';
import { embeddedName } from '../resolve-model.ts';
import { toLoadOptions } from '../to-load-options.ts';

/** The memory that a loaded model takes once it has much to do; in bytes. */
export type Footprint = {
  /** Its weights, as the runtime lays them out. Tables in files that are read by rows are mapped, and no part of it. */
  readonly weights: number;
  /** Its quantised weights once more, in single precision for prompts; 0 where they are not kept so. */
  readonly expandedWeights: number;
  /** What is kept of its requests when its cache is full. */
  readonly cache: number;
  /** What a run of the model computes with. */
  readonly activations: number;
  /** The scores that a run gives. */
  readonly logits: number;
  /** Its threads, its tokenizer, and ONNX Runtime itself, which the models of a process share in part. */
  readonly runtime: number;
  readonly total: number;
};

/**
 * Tells how much memory a model will take, from its files and without loading it: as much as a process grows by when the
 * model is loaded on the processor and its cache is full. That is what a {@link ModelPool} reserves for it.
 *
 * @example
 * ```ts
 * const { total, cache } = await footprint('models/small', { cacheTokens: 4096 });
 * ```
 *
 * @param model What `onnx` takes; it has to be on this machine already. Defaults to the embedded model.
 * @param options Those of `onnx`; `dtype`, `cacheTokens`, `expandWeights`, `pool` and where to look matter. Nothing is downloaded.
 * @throws TypeError, RangeError where an option is unknown or of the wrong kind.
 * @throws BackendError where there is no model, or it cannot be loaded; it says what to do.
 */
export const footprint = async (model?: string, options: OnnxOptions = {}): Promise<Footprint> => {
  checkOnnx(model, options);
  const { id = model ?? embeddedName, pool = ModelPool.shared } = options;
  const offline = { ...options, allowDownload: false };
  const watch = { signal: new AbortController().signal, onProgress: () => {} };
  try {
    const load = toLoadOptions(await findModel(model, offline, watch), options);
    return (await planLoad(load, pool.state().budget)).footprint;
  } catch (cause) {
    throw failureOf(id, cause);
  }
};
