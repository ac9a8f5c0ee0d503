import { Observable, type Observer, Subscriber } from 'rxjs';

type Reader<T> = Pick<Observer<T>, 'next'>;

/**
 * How a stream ends, while its values go straight to a reader: what is to be done at the end alone costs nothing for each
 * token.
 */
export const endOf = <T>(source: Observable<T>, reader: Reader<T>): Observable<never> =>
  new Observable((end) => {
    source.subscribe(new Bypass(end, reader));
  });

/** Belongs to the subscriber of the end from before the source runs: what is synchronous is left with it too. */
class Bypass<T> extends Subscriber<T> {
  readonly #reader: Reader<T>;
  readonly #next: Bypass<T> | undefined;

  constructor(end: Subscriber<never>, reader: Reader<T>) {
    super(end);
    this.#reader = reader;
    this.#next = reader instanceof Bypass ? reader : undefined;
  }

  override next(value: T): void {
    let last: Bypass<T> = this;
    // A loop and not a call for each of several in a row; but where one has ended, nothing passes.
    while (last.#next !== undefined && !last.isStopped) last = last.#next;
    if (!last.isStopped) last.#reader.next(value);
  }
}
