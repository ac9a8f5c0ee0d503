import type { ModelFiles } from './model-files.ts';

/** The most tokens that a model was made for. Where no file says how many, only memory limits them. */
export const contextLength = ({ config, tokenizerConfig }: Pick<ModelFiles, 'config' | 'tokenizerConfig'>): number => {
  const lengths = [config.max_position_embeddings, config.n_positions, tokenizerConfig.model_max_length];
  return (
    (lengths.find((length) => typeof length === 'number' && length > 0) as number | undefined) ??
    Number.POSITIVE_INFINITY
  );
};
