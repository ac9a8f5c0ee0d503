import type { FoundModel } from './find-model.ts';
import type { LoadOptions } from './load-options.ts';
import type { OnnxOptions } from './onnx-options.ts';

/** What the options of a backend say of how its model is loaded, once it is found. */
export const toLoadOptions = (
  found: FoundModel,
  { executionProviders = ['cpu'], threads, cacheTokens, expandWeights }: OnnxOptions,
): LoadOptions => ({
  ...found,
  executionProviders,
  ...(threads && { threads }),
  ...(cacheTokens && { cacheTokens }),
  ...(expandWeights !== undefined && { expandWeights }),
});
