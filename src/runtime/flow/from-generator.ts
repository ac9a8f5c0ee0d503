import { noop, Observable } from 'rxjs';
import { expected } from '../expected.ts';
import { Delivery } from './delivery.ts';

/**
 * Makes a stream of an async generator, which is asked for its next value only when its reader is ready for one.
 *
 * A tap: it runs while someone drinks, and stops when they leave.
 *
 * Unlike `from(generator)`, it waits for readers that {@link hold}, and tells the generator at once when its reader leaves:
 * the signal aborts, and its `finally` blocks run as soon as what it waits for ends.
 *
 * @example
 * ```ts
 * const lines$ = fromGenerator(async function* (signal) {
 *   const response = await fetch(url, { signal });
 *   for await (const chunk of response.body) yield decode(chunk);
 * });
 * ```
 *
 * @param generate Called for each subscription. What it throws after its reader has left is dropped.
 * @throws TypeError when it is made with no function.
 */
export const fromGenerator = <T>(generate: (signal: AbortSignal) => AsyncIterable<T>): Observable<T> => {
  if (typeof generate !== 'function')
    throw new TypeError(expected('what fromGenerator calls', 'an async generator function', generate));
  return new Observable((subscriber) => {
    const leaving = new AbortController();
    const values = generate(leaving.signal)[Symbol.asyncIterator]();

    // Not `for await`, which takes a tenth longer for each value, and a quarter for one that is held.
    const ask = () => {
      if (!subscriber.closed) values.next().then(take, fail);
    };
    const delivery = new Delivery(ask);
    const take = ({ done, value }: IteratorResult<T>) => {
      if (done) subscriber.complete();
      else if (delivery.hand(subscriber, value)) ask();
    };
    const fail = (cause: unknown) => subscriber.error(cause);
    const leave = async () => {
      leaving.abort();
      await values.return?.();
    };

    subscriber.add(() => leave().catch(noop));
    ask();
  });
};
