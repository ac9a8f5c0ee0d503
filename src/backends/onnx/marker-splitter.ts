/** A stretch of ordinary text, or one marker. */
export type Piece = { readonly marker: boolean; readonly text: string };

/** Finds markers in a text that comes in pieces, wherever the pieces are cut. */
export class MarkerSplitter {
  readonly #markers: readonly string[];
  #held = '';

  constructor(markers: readonly string[]) {
    this.#markers = markers;
  }

  /** The pieces that are certain by now. The beginning of what may become a marker is held back. */
  push(text: string): readonly Piece[] {
    const pieces: Piece[] = [];
    let rest = this.#held + text;
    for (let found = this.#first(rest); found !== undefined; found = this.#first(rest)) {
      if (found.at > 0) pieces.push({ marker: false, text: rest.slice(0, found.at) });
      pieces.push({ marker: true, text: found.marker });
      rest = rest.slice(found.at + found.marker.length);
    }
    const certain = rest.length - this.#openEnd(rest);
    if (certain > 0) pieces.push({ marker: false, text: rest.slice(0, certain) });
    this.#held = rest.slice(certain);
    return pieces;
  }

  /** What was held back, when nothing more comes. */
  end(): readonly Piece[] {
    const text = this.#held;
    this.#held = '';
    return text === '' ? [] : [{ marker: false, text }];
  }

  #first(text: string): { at: number; marker: string } | undefined {
    const found = this.#markers.map((marker) => ({ at: text.indexOf(marker), marker })).filter(({ at }) => at >= 0);
    return found.sort((a, b) => a.at - b.at)[0];
  }

  /** The length of the longest end of the text with which a marker begins. */
  #openEnd(text: string): number {
    const longest = Math.max(0, ...this.#markers.map((marker) => marker.length - 1));
    for (let length = Math.min(longest, text.length); length > 0; length--) {
      const end = text.slice(-length);
      if (this.#markers.some((marker) => marker.startsWith(end))) return length;
    }
    return 0;
  }
}
