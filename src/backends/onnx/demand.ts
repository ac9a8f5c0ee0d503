// Where its words stand.
const taken = 0;
const left = 1;
const awaited = 2;

/** The most outputs on their way to a reader: one that it has not taken yet, and one that is computed meanwhile. */
const ahead = 2;

/**
 * What one reader wants of its answer. It lies in memory of both threads, so that the model's thread sees between two
 * runs, without a message, whether the reader is behind or has left.
 */
export class Demand {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;

  static create(): Demand {
    return new Demand(new SharedArrayBuffer(12));
  }

  constructor(memory: SharedArrayBuffer) {
    this.memory = memory;
    this.#words = new Int32Array(memory);
  }

  /** Whether the reader has left. */
  get left(): boolean {
    return Atomics.load(this.#words, left) === 1;
  }

  /** Whether the reader is to take some of the outputs that it was given before there is another. */
  behind(given: number): boolean {
    return given - Atomics.load(this.#words, taken) >= ahead;
  }

  /** The reader has taken an output. Tells whether the other thread rests until it is told so. */
  take(): boolean {
    Atomics.add(this.#words, taken, 1);
    return Atomics.exchange(this.#words, awaited, 0) === 1;
  }

  leave(): void {
    Atomics.store(this.#words, left, 1);
  }

  /** The other thread is going to rest. What was taken before it said so has to be looked at once more. */
  await(): void {
    Atomics.store(this.#words, awaited, 1);
  }
}
