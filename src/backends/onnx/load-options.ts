import type { Dtype } from './dtype.ts';
import type { ExecutionProvider } from './execution-provider.ts';

/** What decides which loaded model a backend uses: backends with equal ones share it. */
export type LoadOptions = {
  /** The absolute path of the model's folder. */
  readonly folder: string;
  readonly executionProviders: readonly ExecutionProvider[];
  readonly dtype?: Dtype;
  readonly threads?: number;
};
