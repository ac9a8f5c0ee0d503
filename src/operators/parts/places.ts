import { AsyncSubject, BehaviorSubject, type Observable } from 'rxjs';

/** How busy a bulkhead is. */
export type BulkheadState = {
  /** Requests that have a place. */
  readonly running: number;
  /** Requests that wait for one. */
  readonly waiting: number;
};

/** A place, or the wish for one. */
export type Place = {
  /** How many waited when it was asked for, itself included; 0 where it was there. */
  readonly waiting: number;
  /** Emits and completes once it is there. */
  readonly free: Observable<void>;
  /** Gives it to the next, or leaves the queue. To be called once. */
  readonly leave: () => void;
};

type Waiting = { readonly priority: number; readonly free: AsyncSubject<void> };

/**
 * A known number of places, and a queue before them: higher priorities first, in order within one. Cockatiel's bulkhead is
 * not used: in 3.2.1 who leaves its queue keeps a place in it, and those behind wait for ever where nothing else runs.
 */
export class Places {
  readonly state: BehaviorSubject<BulkheadState> = new BehaviorSubject<BulkheadState>({ running: 0, waiting: 0 });
  readonly #concurrency: number;
  readonly #capacity: number;
  readonly #running = new Set<Waiting>();
  readonly #queue: Waiting[] = [];
  #admitting = false;

  constructor(concurrency: number, capacity: number) {
    this.#concurrency = concurrency;
    this.#capacity = capacity;
  }

  /** Takes a place, or stands in the queue; `undefined` where that is full too. */
  take(priority: number): Place | undefined {
    const full = this.#running.size >= this.#concurrency && this.#queue.length >= this.#capacity;
    if (full) return undefined;
    const waiting = { priority, free: new AsyncSubject<void>() };
    const before = this.#queue.findLastIndex((other) => other.priority >= priority);
    this.#queue.splice(before + 1, 0, waiting);
    this.#admit();
    const waits = !this.#running.has(waiting);
    return { waiting: waits ? this.#queue.length : 0, free: waiting.free, leave: () => this.#leave(waiting) };
  }

  #leave(waiting: Waiting): void {
    if (!this.#running.delete(waiting)) this.#queue.splice(this.#queue.indexOf(waiting), 1);
    this.#admit();
  }

  #admit(): void {
    // Who gets a place may leave it at once: a loop, or a long queue of such would be as deep a stack.
    if (this.#admitting) return;
    this.#admitting = true;
    for (let next = this.#next(); next; next = this.#next()) {
      this.#tell();
      next.free.next();
      next.free.complete();
    }
    this.#admitting = false;
    this.#tell();
  }

  #next(): Waiting | undefined {
    if (this.#running.size >= this.#concurrency) return undefined;
    const next = this.#queue.shift();
    if (next) this.#running.add(next);
    return next;
  }

  #tell(): void {
    const { running, waiting } = this.state.value;
    const now = { running: this.#running.size, waiting: this.#queue.length };
    if (now.running !== running || now.waiting !== waiting) this.state.next(now);
  }
}
