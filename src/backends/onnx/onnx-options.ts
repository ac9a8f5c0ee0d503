import { checkKeys } from '../../runtime/check-keys.ts';
import { expected } from '../../runtime/expected.ts';
import { type Dtype, dtypes } from './dtype.ts';
import { type ExecutionProvider, executionProviderNames } from './execution-provider.ts';
import { ModelPool } from './pool/model-pool.ts';

/** How a model on this machine is loaded. */
export type OnnxOptions = {
  /** Names the backend in errors, events and `finish.served`. Defaults to the name of the model's folder. */
  readonly id?: string;
  /**
   * What may run the model, tried in order until one works; which one did is in `finish.served`. Defaults to `['cpu']`.
   */
  readonly executionProviders?: readonly ExecutionProvider[];
  /**
   * Threads that compute. Defaults to three of four cores, at most 8, for a model that is loaded alone: 2 of 2, 3 of 4, 6 of
   * 8, 8 of 16. A model that is loaded while others are gets its share of that: half of it beside one other, and at least 1.
   */
  readonly threads?: number;
  /**
   * The most tokens of all requests together, prompts and answers, that are kept in memory; a request is never longer, and a
   * quarter more is kept of ended ones for those that begin alike. At least 64. Defaults to the model's context where that is
   * between 12,288 and 32,768 tokens, else to the nearer of these two.
   */
  readonly cacheTokens?: number;
  /** Which pool the model is kept in. Defaults to `ModelPool.shared`. Models of different pools are loaded each for itself. */
  readonly pool?: ModelPool;
  /**
   * Which of the model's .onnx files to take, named as transformers.js names them: `fp32` is model.onnx, `q8` is
   * model_quantized.onnx, `q4` is model_q4.onnx. Defaults to what config.json names, else to the first there is.
   */
  readonly dtype?: Dtype;
};

/** Refuses misuse of `onnx` when the backend is made. What is on the disk is looked at with the first request. */
export const checkOnnx = (model: unknown, options: OnnxOptions): void => {
  if (model !== undefined && !isName(model)) {
    throw new TypeError(expected('the model of onnx', "the path of a model's folder", model));
  }
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(expected('the options of onnx', 'an object', options));
  }
  checkKeys('onnx', options, ['id', 'executionProviders', 'threads', 'dtype', 'cacheTokens', 'pool']);
  const { id, executionProviders, threads, dtype, cacheTokens, pool } = options;
  if (id !== undefined && !isName(id)) throw new TypeError(expected('`id`', 'a text that is not empty', id));
  if (executionProviders !== undefined) checkProviders(executionProviders);
  checkWhole('threads', threads, 1);
  checkWhole('cacheTokens', cacheTokens, 64);
  if (pool !== undefined && !(pool instanceof ModelPool)) throw new TypeError(expected('`pool`', 'a ModelPool', pool));
  if (dtype !== undefined && !dtypes.includes(dtype)) {
    throw new TypeError(expected('`dtype`', `one of ${dtypes.join(', ')}`, dtype));
  }
};

const checkWhole = (name: string, value: unknown, least: number): void => {
  if (value === undefined || (Number.isSafeInteger(value) && (value as number) >= least)) return;
  throw new RangeError(expected(`\`${name}\``, `a whole number of at least ${least}`, value));
};

const checkProviders = (providers: readonly unknown[]): void => {
  if (!Array.isArray(providers) || providers.length === 0) {
    throw new TypeError(expected('`executionProviders`', 'a list that is not empty', providers));
  }
  for (const provider of providers) {
    if (!executionProviderNames.includes(provider)) {
      throw new TypeError(expected('an execution provider', `one of ${executionProviderNames.join(', ')}`, provider));
    }
  }
};

const isName = (value: unknown): boolean => typeof value === 'string' && value !== '';
