import { MarkerSplitter } from './marker-splitter.ts';

/** Looks for the texts that end an answer, in text that comes in pieces. */
export class Stop {
  /** Whether one was found. */
  found = false;
  readonly #splitter: MarkerSplitter;

  constructor(texts: readonly string[]) {
    this.#splitter = new MarkerSplitter(texts);
  }

  /** The part that can be shown: up to the first stop text, or up to where one could be beginning. */
  push(piece: string): string {
    let shown = '';
    for (const { marker, text } of this.#splitter.push(piece)) {
      this.found ||= marker;
      if (!this.found) shown += text;
    }
    return shown;
  }

  /** What was held back, once it is clear that no stop text follows. */
  end(): string {
    const rest = this.#splitter.end().map(({ text }) => text);
    return this.found ? '' : rest.join('');
  }
}
