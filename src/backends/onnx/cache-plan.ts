/** How much of its requests a loaded model keeps in memory. */
export type CachePlan = {
  /** Requests that are computed side by side; the others wait in line. */
  readonly slots: number;
  /** The most tokens that these may have together, prompts and answers. */
  readonly tokens: number;
  /** The most tokens of ended and running requests that are kept for those that begin alike. */
  readonly prefixTokens: number;
};

const slots = 8;
const usualTokens = 1536;
const mostTokens = 32_768;

/**
 * Plans the cache of a model.
 *
 * @param context The most tokens of one request that the model was made for.
 * @param tokens The most tokens of all requests together. Defaults to 1,536 for each of the eight places, and to the
 *   model's context where that is longer, up to 32,768.
 */
export const planCache = (
  context: number,
  tokens: number = Math.max(slots * usualTokens, Math.min(context, mostTokens)),
): CachePlan => ({ slots, tokens, prefixTokens: Math.ceil(tokens / 4) });
