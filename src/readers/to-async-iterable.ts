import type { Observable } from 'rxjs';
import { checkReader } from './check-reader.ts';
import { PullReader } from './pull-reader.ts';
import type { ReaderOptions } from './reader-options.ts';

/**
 * Makes a stream readable with `for await`, at the pace of the loop.
 *
 * A tap with a glass under it: when the glass is full, the water waits in the pipe.
 *
 * The first turn of the loop subscribes; each loop is a subscription of its own. While `highWaterMark` values wait, the
 * producer is held, so it makes no more than the loop took and those. A producer that cannot be held, such as `range`, is
 * never dropped: its values wait without bound, as do those beyond the mark where several producers are merged. Values
 * that came before an error or the end are read before it. `break`, `return` and an error in the loop leave the source.
 *
 * @example
 * ```ts
 * for await (const event of toAsyncIterable(of('Name a river.').pipe(infer(small)))) {
 *   if (event.type === 'token') await slowly(event.text);
 * }
 * ```
 *
 * @param source What to read. Events come as they are; a `retract` among them voids what the loop has shown.
 * @param options `highWaterMark`.
 * @returns An iterable that can be read more than once.
 * @throws TypeError, RangeError when it is made with no observable, or an option that is unknown or out of range.
 */
export const toAsyncIterable = <T>(source: Observable<T>, options: ReaderOptions = {}): AsyncIterable<T, undefined> => {
  const settings = checkReader('toAsyncIterable', source, options, ['highWaterMark']);
  return { [Symbol.asyncIterator]: () => new PullReader(source, settings) };
};
