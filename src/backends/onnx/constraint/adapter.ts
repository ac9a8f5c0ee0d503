import type { OldConstraint } from './old-constraint.ts';
import type { TokenConstraint } from './token-constraint.ts';
export class Adapter implements TokenConstraint {
  ready: boolean = false;
  forced: number[] = [];
  mask: Int32Array = new Int32Array();
  readonly #inner: OldConstraint;
  constructor(inner: OldConstraint) {
    this.#inner = inner;
    this.#refresh();
  }
  wait(): void {}
  get finished(): boolean {
    return this.#inner.finished;
  }
  accept(token: number): void {
    this.#inner.accept(token);
    this.#refresh();
  }
  dispose(): void {
    this.#inner.dispose();
  }
  #refresh(): void {
    this.ready = false;
    if (this.#inner.finished) {
      this.ready = true;
      return;
    }
    const mask = this.#inner.mask();
    if (mask instanceof Promise)
      mask.then((m) => {
        this.mask = m as never;
        this.ready = true;
      });
    else {
      this.mask = mask as never;
      this.ready = true;
    }
  }
}
