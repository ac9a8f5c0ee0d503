import type { Observable } from 'rxjs';
import { checkReader } from './check-reader.ts';
import { readableOf } from './readable-of.ts';
import type { ReadableOptions } from './readable-options.ts';

/**
 * Makes a Web `ReadableStream` of a stream, at the pace of whoever reads it.
 *
 * A hose on the tap: pinch it anywhere, and the water waits in the pipe.
 *
 * The first read subscribes, and `cancel` leaves the source. While `highWaterMark` values wait, the producer is held; the
 * stream itself keeps none. A producer that cannot be held, such as `range`, is never dropped: its values wait without
 * bound. Values that came before an error or the end are read before it. Whatever the stream is piped through may have a
 * buffer of its own, which adds to what is made ahead.
 *
 * @example
 * ```ts
 * const answer = of('Name a river.').pipe(inferText(small));
 * await toReadable(answer).pipeThrough(new TextEncoderStream()).pipeTo(file);
 * ```
 *
 * @param source What to read. Events come as they are; a `retract` among them voids what the reader has shown.
 * @param options `highWaterMark` and `idleTimeout`.
 * @returns A stream for one reader.
 * @throws TypeError, RangeError when it is made with no observable, or an option that is unknown or out of range.
 */
export const toReadable = <T>(source: Observable<T>, options: ReadableOptions = {}): ReadableStream<T> =>
  readableOf(source, checkReader('toReadable', source, options, ['highWaterMark', 'idleTimeout']));
