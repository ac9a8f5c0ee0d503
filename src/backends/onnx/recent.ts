/** Keeps what was made for the latest keys. */
export class Recent<Value> {
  readonly #most: number;
  readonly #values = new Map<string, Value>();

  /** @param most How many are kept. */
  constructor(most: number) {
    this.#most = most;
  }

  /** What is kept for a key, if anything is. */
  find(key: string): Value | undefined {
    return this.#values.get(key);
  }

  /** What is kept for a key, or else what `make` gives. It is then the latest. */
  get(key: string, make: () => Value, isGood: (value: Value) => boolean = () => true): Value {
    const known = this.#values.get(key);
    const value = known !== undefined && isGood(known) ? known : make();
    this.#values.delete(key);
    this.#values.set(key, value);
    const [oldest] = this.#values.keys();
    if (this.#values.size > this.#most && oldest !== undefined) this.#values.delete(oldest);
    return value;
  }
}
