/** Surrounds work in native code. */
export type Guard = <T>(native: () => Promise<T>) => Promise<T>;

const closed = 0;
/** Where each thread says that it is inside. */
const lanes = { model: 1, text: 2 } as const;

/**
 * Keeps a process from ending in the middle of a worker's native code, which would abort it: a model's threads do such
 * work within `pass`, and the main thread calls `close` before the process ends.
 */
export class NativeGate {
  /** What the threads share. */
  readonly memory: SharedArrayBuffer;
  readonly #state: Int32Array;
  readonly #lane: number;

  /** @param thread Which thread passes here. Defaults to the one that the model runs in. */
  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(12), thread: keyof typeof lanes = 'model') {
    this.memory = memory;
    this.#state = new Int32Array(memory);
    this.#lane = lanes[thread];
  }

  /** Does the work, or never comes back where the gate is closed. */
  readonly pass: Guard = async (native) => {
    Atomics.store(this.#state, this.#lane, 1);
    const late = Atomics.load(this.#state, closed) === 1;
    try {
      if (!late) return await native();
    } finally {
      Atomics.store(this.#state, this.#lane, 0);
      Atomics.notify(this.#state, this.#lane);
    }
    return new Promise(() => {});
  };

  /**
   * Lets nobody pass any more, and blocks until who is inside has left: for one run of the model, or until it is loaded. A
   * thread that died inside never leaves, so nobody is waited for longer than `most` milliseconds.
   */
  close(most = 60_000): void {
    Atomics.store(this.#state, closed, 1);
    for (const lane of Object.values(lanes)) Atomics.wait(this.#state, lane, 1, most);
  }
}
