/** What a model says, token by token as it is asked for them: the same for all that are compared. */
export class CountedTokens {
  readonly #total: number;
  #made = 0;

  constructor(total: number) {
    this.#total = total;
  }

  /** How many tokens have been made. */
  get made(): number {
    return this.#made;
  }

  /** Makes the tokens in the form that a library wants, between what it wants before and after them. */
  async *as<T>(form: (text: string) => T, before: readonly T[] = [], after: readonly T[] = []): AsyncGenerator<T> {
    yield* before;
    while (this.#made < this.#total) {
      this.#made++;
      yield form('word ');
    }
    yield* after;
  }
}
