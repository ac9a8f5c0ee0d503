import type { Subscriber } from 'rxjs';

/** One event on its way to its readers, and the next one once nobody holds it. */
export class Delivery {
  /** The one whose `next` runs. */
  static current: Delivery | undefined;
  #holds = 0;
  #handed = false;
  readonly #resume: () => void;

  constructor(resume: () => void) {
    this.#resume = resume;
  }

  /** Hands an event on as this delivery, and tells whether nobody holds it. */
  hand<T>(reader: Pick<Subscriber<T>, 'next'>, event: T): boolean {
    const outer = Delivery.current;
    Delivery.current = this;
    this.#handed = false;
    try {
      reader.next(event);
    } finally {
      Delivery.current = outer;
    }
    this.#handed = true;
    return this.#holds === 0;
  }

  /** Holds it. The function that comes back lets go, once. */
  hold(): () => void {
    let held = true;
    this.#holds++;
    return () => {
      if (!held) return;
      held = false;
      // While it is being handed on, `hand` tells.
      if (--this.#holds === 0 && this.#handed) this.#resume();
    };
  }
}
