/** Cuts text that comes in pieces into lines, which end with any of the three line ends. */
export class LineSplitter {
  /** The pieces of the line that is not whole yet. */
  #open: string[] = [];

  /** The lines that are whole now. */
  push(text: string): readonly string[] {
    if (text === '') return [];
    const returned = this.#open.at(-1)?.endsWith('\r');
    this.#open.push(text);
    // Without a line end in it there is nothing to look for in what was there before.
    if (!returned && !/[\r\n]/.test(text)) return [];
    // A carriage return at the end may be the first half of a line end.
    const lines = this.#open.join('').split(/\r\n|\n|\r(?!$)/);
    this.#open = [lines.pop() ?? ''];
    return lines;
  }

  /** The last line, which nothing ends. */
  end(): string {
    return this.#open.join('').replace(/\r$/, '');
  }
}
