const opening = /^\s*(?:```\w*\s*)?\{\s*"answer"\s*:\s*(?=\S)/;
const closing = /\s*\}\s*(?:```\s*)?$/;
/** What may belong to the closing, as long as nothing follows. */
const ending = /[\s}`]*$/;
/** No opening is longer, white space apart. */
const longest = 40;

/** Takes an answer out of the object `{"answer": …}` around it, while it is being written. Another text stays as it is. */
export class Unwrapper {
  #state: 'opening' | 'within' | 'bare' = 'opening';
  #held = '';

  /** What can be shown by now. */
  push(text: string): string {
    this.#held += text;
    if (this.#state === 'opening') this.#open();
    if (this.#state === 'opening') return '';
    const keep = this.#state === 'within' ? (ending.exec(this.#held)?.index ?? 0) : this.#held.length;
    const shown = this.#held.slice(0, keep);
    this.#held = this.#held.slice(keep);
    return shown;
  }

  /** What was held back. The end of an answer that was cut off is no closing. */
  end(cut: boolean): string {
    return this.#state === 'within' && !cut ? this.#held.replace(closing, '') : this.#held;
  }

  #open(): void {
    const begun = this.#held.trimStart();
    const match = opening.exec(this.#held);
    if (match) {
      this.#state = 'within';
      this.#held = this.#held.slice(match[0].length);
    } else if (/^[^{`]/.test(begun) || begun.length > longest) this.#state = 'bare';
  }
}
