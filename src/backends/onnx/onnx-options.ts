import { checkOptions } from '../../runtime/check-options.ts';
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
  /**
   * Whether 4-bit and 8-bit weights are kept in single precision besides, four bytes each, and prompts computed with them:
   * answers are written with the small ones. On a processor without instructions for sums of 8-bit products (VNNI) prompts
   * take about two thirds of the time so; loading takes longer. Only on the execution provider `cpu`. Defaults to `true`
   * where Linux says that the processor has no such instructions and the whole takes at most a quarter of the pool's
   * budget, else to `false`.
   */
  readonly expandWeights?: boolean;
  /** Which pool the model is kept in. Defaults to `ModelPool.shared`. Models of different pools are loaded each for itself. */
  readonly pool?: ModelPool;
  /**
   * Which of the model's .onnx files to take, named as transformers.js names them: `fp32` is model.onnx, `q8` is
   * model_quantized.onnx, `q4` is model_q4.onnx. Defaults to what the alias names, else config.json; else to the first
   * there is in a folder, and to the smallest of a model of the hub.
   */
  readonly dtype?: Dtype;
  /** Of a model of the hub: a branch, a tag or a commit. Defaults to what the alias names, else to `main`. */
  readonly revision?: string;
  /** Where models of the hub are kept. Defaults to `env.cacheDir` of @huggingface/transformers, and is shared with it. */
  readonly cacheDir?: string;
  /**
   * A folder with models in folders of their names, in which a name is looked for first. Defaults to `MILLRACE_MODELS` of
   * the environment.
   */
  readonly modelsDir?: string;
  /** Whether a model of the hub that is not here may be downloaded, with the first request. Defaults to `false`. */
  readonly allowDownload?: boolean;
};

const texts = ['id', 'revision', 'cacheDir', 'modelsDir'] as const;

/** Refuses misuse of `onnx` when the backend is made. What is on the disk is looked at with the first request. */
export const checkOnnx = (model: unknown, options: OnnxOptions): void => {
  if (model !== undefined && !isName(model)) {
    throw new TypeError(expected('the model of onnx', 'the path of a folder, an alias, or an id of the hub', model));
  }
  checkOptions('onnx', options, [
    ...texts,
    'executionProviders',
    'threads',
    'dtype',
    'allowDownload',
    'cacheTokens',
    'expandWeights',
    'pool',
  ]);
  const { executionProviders, threads, dtype, allowDownload, cacheTokens, expandWeights, pool } = options;
  for (const key of texts) {
    const value = options[key];
    if (value !== undefined && !isName(value))
      throw new TypeError(expected(`\`${key}\``, 'a text that is not empty', value));
  }
  if (options.revision?.split('/').includes('..')) {
    throw new TypeError(expected('`revision`', 'a branch, a tag or a commit', options.revision));
  }
  for (const [key, value] of Object.entries({ allowDownload, expandWeights })) {
    if (value !== undefined && typeof value !== 'boolean')
      throw new TypeError(expected(`\`${key}\``, 'true or false', value));
  }
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
