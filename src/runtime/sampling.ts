/** How tokens are drawn from a model's scores. What is left out is the backend's choice; the ones of Millrace say theirs. */
export type Sampling = {
  /** Flattens (above 1) or sharpens (below 1) the distribution. `0` always takes the likeliest token. */
  readonly temperature?: number;
  /** Keeps the likeliest tokens that together reach this probability, in (0, 1]. */
  readonly topP?: number;
  /** Keeps this many of the likeliest tokens, at least 1. */
  readonly topK?: number;
  /** Keeps the tokens at least this many times as likely as the likeliest one, in [0, 1]. */
  readonly minP?: number;
  /** The same seed gives the same text on the same machine. An integer. */
  readonly seed?: number;
  /** The most tokens that an answer may take, at least 1. */
  readonly maxTokens?: number;
  /** Texts that end the answer. They are never part of it. */
  readonly stop?: readonly string[];
};
