/** First in, first out, however many there are: taking one from the front of a long array moves all the others. */
export class Queue<T> {
  #entering: T[] = [];
  #leaving: T[] = [];

  get length(): number {
    return this.#entering.length + this.#leaving.length;
  }

  push(value: T): void {
    this.#entering.push(value);
  }

  /** Takes out the first. There has to be one. */
  shift(): T {
    if (this.#leaving.length === 0) {
      this.#leaving = this.#entering.reverse();
      this.#entering = [];
    }
    return this.#leaving.pop() as T;
  }

  clear(): void {
    this.#entering = [];
    this.#leaving = [];
  }
}
