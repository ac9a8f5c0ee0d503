import type { Dtype } from './dtype.ts';
import type { ExecutionProvider } from './execution-provider.ts';

/** What decides which loaded model a backend uses: backends with equal ones share it. */
export type LoadOptions = {
  /** The absolute path of the model's folder. */
  readonly folder: string;
  readonly executionProviders: readonly ExecutionProvider[];
  readonly dtype?: Dtype;
  readonly threads?: number;
  /** Whether its quantised matrices are kept in single precision besides, for prompts. */
  readonly expandWeights?: boolean;
  /** The most tokens of all requests together that are kept in memory. */
  readonly cacheTokens?: number;
};
