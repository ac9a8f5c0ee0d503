import type { Subscriber } from 'rxjs';
import { deliver } from './deliver.ts';
import { Queue } from './queue.ts';

/**
 * Where events that come on their own account go out to a reader who may be slow: while the reader holds one, those behind
 * it wait here, and so does the end.
 */
export class Outlet<T> {
  readonly #reader: Subscriber<T>;
  readonly #drained: () => void;
  readonly #waiting = new Queue<T>();
  #end: (() => void) | undefined;
  #held = false;

  /** @param drained Called when everything that waited has gone out, the last of it released. */
  constructor(reader: Subscriber<T>, drained: () => void) {
    this.#reader = reader;
    this.#drained = drained;
  }

  /** Whether the reader holds an event: the source is to make nothing further until `drained` is called. */
  get held(): boolean {
    return this.#held;
  }

  next(event: T): void {
    if (this.#held) this.#waiting.push(event);
    else this.#held = !deliver(this.#reader, event, this.#resume);
  }

  complete(): void {
    this.#finish(() => this.#reader.complete());
  }

  error(error: unknown): void {
    this.#finish(() => this.#reader.error(error));
  }

  #finish(end: () => void): void {
    if (this.#held) this.#end = end;
    else end();
  }

  readonly #resume = (): void => {
    this.#held = false;
    while (!this.#held && this.#waiting.length > 0) this.next(this.#waiting.shift());
    if (this.#held) return;
    this.#end?.();
    this.#drained();
  };
}
