/** Looks for the texts that end an answer, in text that comes in pieces. */
export class Stop {
  /** Whether one was found. */
  found = false;
  readonly #texts: readonly string[];
  #held = '';

  constructor(texts: readonly string[]) {
    this.#texts = texts;
  }

  /**
   * The part that can be shown: up to the first stop text, or up to where one could be beginning. The rest is held back
   * for the next piece.
   */
  push(piece: string): string {
    if (this.found) return '';
    const text = this.#held + piece;
    const starts = this.#texts.map((stop) => text.indexOf(stop)).filter((start) => start >= 0);
    this.found = starts.length > 0;
    const end = this.found ? Math.min(...starts) : text.length - this.#beginning(text);
    this.#held = this.found ? '' : text.slice(end);
    return text.slice(0, end);
  }

  /** What was held back, once it is clear that no stop text follows. */
  end(): string {
    const rest = this.#held;
    this.#held = '';
    return rest;
  }

  /** The length of the longest end of the text with which a stop text begins. */
  #beginning(text: string): number {
    const longest = Math.max(0, ...this.#texts.map((stop) => stop.length - 1));
    for (let length = Math.min(longest, text.length); length > 0; length--) {
      const end = text.slice(-length);
      if (this.#texts.some((stop) => stop.startsWith(end))) return length;
    }
    return 0;
  }
}
