import type { ModelFiles } from './model-files.ts';

/**
 * Every id that some file of the model gives as the end of a text or of a turn.
 *
 * @param endId The one that tokenizer_config.json gives.
 */
export const stopIdsOf = (
  { generationConfig, config }: Pick<ModelFiles, 'generationConfig' | 'config'>,
  endId: number | undefined,
): ReadonlySet<number> => {
  const ids = [generationConfig.eos_token_id, config.eos_token_id, endId].flat();
  return new Set(ids.filter((id) => typeof id === 'number'));
};
