/** A `pattern` uses something that a grammar cannot say. */
export class UnheldPattern extends Error {
  override readonly name: string = 'UnheldPattern';

  /** @param part What it uses. */
  constructor(part: string) {
    super(`Expected a pattern without ${part}`);
  }
}
