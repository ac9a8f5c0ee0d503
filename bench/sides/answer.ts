/** When an answer came. Times are milliseconds on the clock of its process. */
export type Answer = {
  readonly start: number;
  /** When each piece of it came. */
  readonly times: readonly number[];
  readonly end: number;
  /** The pieces; empty texts from those whose pieces are one token each. */
  readonly pieces: readonly string[];
  /** Tokens of the prompt, with the schema that the model was shown. */
  readonly input: number;
  /** Tokens of the answer. */
  readonly tokens: number;
  /** Tokens of the prompt that were not computed again. */
  readonly cached: number;
};

/** Milliseconds to the first token. */
export const firstToken = ({ start, times: [first = Number.NaN] }: Answer): number => first - start;

/**
 * Milliseconds per token behind a piece.
 *
 * @param piece Defaults to the first.
 * @param head Tokens up to the end of that piece. Defaults to 1.
 */
export const perToken = ({ times, tokens }: Answer, piece = 0, head = 1): number =>
  ((times.at(-1) ?? Number.NaN) - (times[piece] ?? Number.NaN)) / (tokens - head);
