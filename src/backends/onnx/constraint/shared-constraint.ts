import type { SharedReply } from './shared-reply.ts';
import type { TokenConstraint } from './token-constraint.ts';

/** Holds an answer to a grammar that another thread follows. */
export class SharedConstraint implements TokenConstraint {
  readonly #reply: SharedReply;
  readonly #accept: (token: number) => void;
  readonly #dispose: () => void;
  /** The reply that speaks of what follows the last token; the first one comes unasked. */
  #awaited = 1;

  /**
   * @param reply Where the other thread writes.
   * @param accept Tells the other thread what was chosen.
   * @param dispose Tells it that the answer has ended.
   */
  constructor(reply: SharedReply, accept: (token: number) => void, dispose: () => void) {
    this.#reply = reply;
    this.#accept = accept;
    this.#dispose = dispose;
  }

  get ready(): boolean {
    return this.#reply.number >= this.#awaited;
  }

  wait(milliseconds: number): void {
    this.#reply.wait(this.#awaited - 1, milliseconds);
  }

  get forced(): readonly number[] {
    return this.#reply.forced;
  }

  get mask(): Int32Array {
    return this.#reply.mask;
  }

  get finished(): boolean {
    return this.#reply.finished;
  }

  accept(token: number): void {
    this.#awaited++;
    this.#accept(token);
  }

  dispose(): void {
    this.#dispose();
  }
}
