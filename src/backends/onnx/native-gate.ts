/** Surrounds work in native code. */
export type Guard = <T>(native: () => Promise<T>) => Promise<T>;

const busy = 0;
const closed = 1;

/**
 * Keeps a process from ending in the middle of a worker's native code, which would abort it: the worker does such work
 * within `pass`, and the main thread calls `close` before the process ends.
 */
export class NativeGate {
  /** What both threads share. */
  readonly memory: SharedArrayBuffer;
  readonly #state: Int32Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(8)) {
    this.memory = memory;
    this.#state = new Int32Array(memory);
  }

  /** Does the work, or never comes back where the gate is closed. */
  readonly pass: Guard = async (native) => {
    Atomics.store(this.#state, busy, 1);
    const late = Atomics.load(this.#state, closed) === 1;
    try {
      if (!late) return await native();
    } finally {
      Atomics.store(this.#state, busy, 0);
      Atomics.notify(this.#state, busy);
    }
    return new Promise(() => {});
  };

  /** Lets nobody pass any more, and blocks until who is inside has left: at most for one run of the model. */
  close(): void {
    Atomics.store(this.#state, closed, 1);
    while (Atomics.load(this.#state, busy) === 1) Atomics.wait(this.#state, busy, 1);
  }
}
