/** Cuts text that comes in pieces into lines, which end with any of the three line ends. */
export class LineSplitter {
  #rest = '';

  /** The lines that are whole now. */
  push(text: string): readonly string[] {
    const open = this.#rest + text;
    // Without a line end in it there is nothing to look for in what was there before.
    if (!/[\r\n]/.test(text) && !this.#rest.endsWith('\r')) {
      this.#rest = open;
      return [];
    }
    // A carriage return at the end may be the first half of a line end.
    const lines = open.split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    return lines;
  }

  /** The last line, which nothing ends. */
  end(): string {
    return this.#rest.replace(/\r$/, '');
  }
}
