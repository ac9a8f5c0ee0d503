/** Keeps what was made for the latest keys. */
export class Recent<Value> {
  readonly #most: number;
  readonly #values = new Map<string, Value>();

  /** @param most How many are kept. */
  constructor(most: number) {
    this.#most = most;
  }

  /** What is kept for a key, if anything is. It is then the latest. */
  find(key: string): Value | undefined {
    const known = this.#values.get(key);
    if (known !== undefined) this.keep(key, known);
    return known;
  }

  /** Keeps a value as the latest. */
  keep(key: string, value: Value): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    const [oldest] = this.#values.keys();
    if (this.#values.size > this.#most && oldest !== undefined) this.#values.delete(oldest);
  }

  /** What is kept for a key, or else what `make` gives. It is then the latest. */
  get(key: string, make: () => Value, isGood: (value: Value) => boolean = () => true): Value {
    const known = this.find(key);
    if (known !== undefined && isGood(known)) return known;
    const made = make();
    this.keep(key, made);
    return made;
  }
}
