import { asyncScheduler, defer, type Observable, type Subscriber } from 'rxjs';
import { frameStorage } from '#frame-storage';
import type { AdmissionError } from '../../runtime/admission-error.ts';

/** One input in a waiting room: what is to be done with it, and for whom. */
export class Guest<O = unknown> {
  readonly priority: number;
  readonly #work: () => Observable<O>;
  readonly #reader: Subscriber<O>;
  readonly #since = asyncScheduler.now();
  readonly #frame = frameStorage.getStore();

  constructor(priority: number, work: () => Observable<O>, reader: Subscriber<O>) {
    this.priority = priority;
    this.#work = work;
    this.#reader = reader;
  }

  /** How many milliseconds it has been here. */
  get waited(): number {
    return asyncScheduler.now() - this.#since;
  }

  /** Does the work in its own place of its run, whoever made way for it. */
  begin(): void {
    if (this.#reader.closed) return;
    frameStorage.run(this.#frame, () => defer(this.#work).subscribe(this.#reader));
  }

  /** Sends it away, without a word where there is no error. */
  refuse(error: AdmissionError | undefined): void {
    this.report('refused');
    if (error === undefined) this.#reader.complete();
    else this.#reader.error(error);
  }

  report(stage: 'waiting' | 'admitted' | 'refused'): void {
    this.#frame?.report({ type: 'admit', stage, waited: this.waited });
  }
}
