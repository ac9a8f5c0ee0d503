import type { TokenPieces } from './token-pieces.ts';

/**
 * Turns the tokens of one answer into text as they come. A character made of several tokens comes with its last one:
 * half a character is never given. Each token costs the same, however long the answer is.
 */
export class Detokenizer {
  readonly #pieces: TokenPieces;
  readonly #markers: readonly string[];
  // A byte order mark is a character like any other in the middle of an answer.
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #started: boolean;

  /**
   * @param markers The special tokens that stand in the text; the others are left out.
   * @param started Whether text stands in front of the first token, which then keeps its space.
   */
  constructor(pieces: TokenPieces, markers: readonly string[] = [], started = false) {
    this.#pieces = pieces;
    this.#markers = markers;
    this.#started = started;
  }

  /** The text that a token completes; empty while a character is still open. */
  push(id: number): string {
    const bytes = this.#pieces.bytes(id, this.#markers);
    const text = this.#decoder.decode(bytes, { stream: true });
    const first = !this.#started && text !== '';
    if (first) this.#started = true;
    return first && this.#pieces.stripsFirstSpace && text.startsWith(' ') ? text.slice(1) : text;
  }
}
