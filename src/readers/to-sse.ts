import { catchError, endWith, map, type Observable, of } from 'rxjs';
import { untilAborted } from '../runtime/flow/until-aborted.ts';
import { checkSse } from './check-sse.ts';
import { failureOf } from './failure-of.ts';
import { readableOf } from './readable-of.ts';
import { sseEvent } from './sse-event.ts';
import type { SseOptions } from './sse-options.ts';

/**
 * Makes the bytes of server-sent events of a stream, at the pace of whoever reads them.
 *
 * A ticker tape: one line for each thing that happens, and the tape waits when nobody pulls.
 *
 * Every event of a model is one event with its type as its name and its JSON as its data; any other value is one without
 * a name, a string as JSON too. After the last comes `event: end`, which tells a stream that is whole from one that was
 * cut off. An error is one `event: error`, with `code` and `message` alone, and nothing comes behind it. What a reader
 * shows is right at the end if `retract` and `tool-result` empty what it has gathered for their `request`, as `text()`
 * does. An `EventSource` asks again when its stream has ended: it has to be closed at `end` and `error`.
 *
 * @example
 * ```js
 * const source = new EventSource('/ask?q=Name+a+river.');
 * const on = (type, listener) => source.addEventListener(type, ({ data }) => listener(data && JSON.parse(data)));
 * const clear = () => { answer.textContent = ''; };
 * on('token', ({ text }) => answer.append(text));
 * on('retract', clear);
 * on('tool-result', clear);
 * on('end', () => source.close());
 * on('error', (failure) => { source.close(); if (failure) alert(failure.message); });
 * ```
 *
 * @param source What to send.
 * @param options `highWaterMark`, `idleTimeout`, `signal` and `toMessage`.
 * @returns A stream for one reader. It fails only where `signal` aborts or `idleTimeout` has passed.
 * @throws TypeError, RangeError when it is made with no observable, or an option that is unknown or out of range.
 */
export const toSse = (source: Observable<unknown>, options: SseOptions = {}): ReadableStream<Uint8Array> => {
  const settings = checkSse('toSse', source, options);
  const describe = (error: unknown) => failureOf(error, options.toMessage);
  const encoder = new TextEncoder();
  const events = source.pipe(
    map((value) => sseEvent(value, describe)),
    endWith('event: end\ndata: null\n\n'),
    catchError((error) => of(`event: error\ndata: ${JSON.stringify(describe(error))}\n\n`)),
    map((event) => encoder.encode(event)),
    untilAborted(options.signal),
  );
  return readableOf(events, settings);
};
