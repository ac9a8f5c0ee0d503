import type { TokenPieces } from '../token-pieces.ts';

/** What a grammar must know of a model's tokens. */
export type Vocabulary = {
  /** The bytes that each id writes, one character a byte; empty for a token that writes nothing, such as a special one. */
  readonly tokens: readonly string[];
  /** How many scores the model gives; at least as many as there are tokens. */
  readonly size: number;
  /** The ids that end an answer. */
  readonly stopIds: readonly number[];
};

/**
 * Lists what each token writes.
 *
 * @param size How many scores the model gives.
 * @param stopIds The ids that end an answer.
 */
export const readVocabulary = (pieces: TokenPieces, size: number, stopIds: readonly number[]): Vocabulary => {
  const tokens = Array.from({ length: size }, (_, id) => String.fromCharCode(...pieces.bytes(id, [])));
  return { tokens, size, stopIds };
};
