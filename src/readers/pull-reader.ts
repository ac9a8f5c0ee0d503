import { finalize, type Observable, Subject, Subscription, takeUntil, timer } from 'rxjs';
import { hold } from '../runtime/flow/hold.ts';
import { Queue } from '../runtime/flow/queue.ts';
import { ReaderError } from '../runtime/reader-error.ts';
import type { PullSettings } from './check-reader.ts';

type Asking<T> = {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Reads a stream value by value, at the pace of whoever asks. What comes before it is asked for waits here; once
 * `highWaterMark` values do, the producer is held.
 */
export class PullReader<T> implements AsyncIterator<T, undefined> {
  readonly #source: Observable<T>;
  readonly #highWaterMark: number;
  readonly #idleTimeout: number | undefined;
  readonly #abandoned: (error: ReaderError) => void;
  readonly #values = new Queue<T>();
  readonly #asking: Asking<T>[] = [];
  readonly #holds: (() => void)[] = [];
  readonly #left = new Subject<void>();
  #begun = false;
  #end: { error?: unknown } | undefined;
  #idle = Subscription.EMPTY;

  /** @param abandoned Called with the error of the stream when nobody has asked for `idleTimeout` milliseconds. */
  constructor(
    source: Observable<T>,
    { highWaterMark, idleTimeout }: PullSettings,
    abandoned: (error: ReaderError) => void = () => {},
  ) {
    this.#source = source;
    this.#highWaterMark = highWaterMark;
    this.#idleTimeout = idleTimeout;
    this.#abandoned = abandoned;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    return new Promise((resolve, reject) => {
      this.#idle.unsubscribe();
      this.#asking.push({ resolve, reject });
      this.#begin();
      this.#serve();
    });
  }

  /** Leaves the source. What waits here is dropped. */
  return(): Promise<IteratorResult<T, undefined>> {
    this.#leave({});
    return Promise.resolve({ done: true, value: undefined });
  }

  #begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#source
      .pipe(
        takeUntil(this.#left),
        finalize(() => this.#letAllGo()),
      )
      .subscribe({
        next: (value) => this.#take(value),
        error: (error) => this.#finish({ error }),
        complete: () => this.#finish({}),
      });
  }

  #take(value: T): void {
    if (this.#asking.length > 0) this.#answer(value);
    else this.#values.push(value);
    if (this.#wanted <= 0) this.#holds.push(hold());
  }

  #answer(value: T): void {
    this.#asking.shift()?.resolve({ done: false, value });
    if (this.#asking.length === 0) this.#rest();
  }

  /** How many more values may come. */
  get #wanted(): number {
    return this.#highWaterMark + this.#asking.length - this.#values.length;
  }

  #serve(): void {
    while (this.#asking.length > 0 && this.#values.length > 0) this.#answer(this.#values.shift());
    if (this.#end === undefined) this.#letGo();
    else if (this.#values.length === 0) this.#tellEnd(this.#end);
  }

  /** An error is told once. */
  #tellEnd(end: { error?: unknown }): void {
    for (const { resolve, reject } of this.#asking.splice(0)) {
      if ('error' in end) reject(end.error);
      else resolve({ done: true, value: undefined });
      delete end.error;
    }
  }

  #finish(end: { error?: unknown }): void {
    this.#end ??= end;
    this.#serve();
  }

  #leave(end: { error?: unknown }): void {
    this.#begun = true;
    this.#idle.unsubscribe();
    this.#values.clear();
    this.#end = end;
    this.#left.next();
    this.#serve();
  }

  /** Lets producers go on as far as there is room: one by one, since each may fill it at once. */
  #letGo(): void {
    while (this.#wanted > 0 && this.#holds.length > 0) this.#holds.shift()?.();
  }

  /** Once the source has been left, for the sake of its other readers. */
  #letAllGo(): void {
    for (const release of this.#holds.splice(0)) release();
  }

  /** Nobody asks: whoever never does so again is not waited for. */
  #rest(): void {
    const idleTimeout = this.#idleTimeout;
    if (idleTimeout === undefined) return;
    this.#idle = timer(idleTimeout).subscribe(() => {
      const error = new ReaderError(idleTimeout);
      this.#leave({ error });
      this.#abandoned(error);
    });
  }
}
