import type { Observable } from 'rxjs';
import { expected } from '../runtime/expected.ts';
import { checkSse } from './check-sse.ts';
import type { SseOptions } from './sse-options.ts';
import { toSse } from './to-sse.ts';

/** Settings of a response. */
export type ResponseOptions = SseOptions & {
  /** Beside the content type of events, and what keeps caches and proxies from gathering them; these win over those. */
  readonly headers?: ResponseInit['headers'];
  /** Defaults to `200`. It is sent before the first event, so an error of the source cannot change it. */
  readonly status?: number;
};

/**
 * Answers a request with the server-sent events of a stream.
 *
 * A waiter who brings the next plate when the last one has been taken, and none to a guest who has gone.
 *
 * The pace of the client reaches the model, as far as the buffers of the sockets in between let it be felt, and a client
 * that disconnects stops it: where the server cancels the body, as that of Node does, and where it aborts the request's
 * `signal`. A client that stays connected and never reads again holds its model, and what that keeps for it, until
 * `idleTimeout` has passed. The events are those of {@link toSse}.
 *
 * @example
 * ```ts
 * export const GET = (request: Request) => {
 *   const question = new URL(request.url).searchParams.get('q') ?? '';
 *   return toResponse(of(question).pipe(infer(small)), { signal: request.signal, idleTimeout: 30_000 });
 * };
 * ```
 *
 * @param source What to send. It is subscribed when the body is first read.
 * @param options `signal`, `headers`, `status`, `idleTimeout`, `highWaterMark` and `toMessage`.
 * @throws TypeError, RangeError when it is made with no observable, or an option that is unknown, of the wrong kind or out of
 *   range.
 */
export const toResponse = (source: Observable<unknown>, options: ResponseOptions = {}): Response => {
  checkSse('toResponse', source, options, ['headers', 'status']);
  const { headers, status = 200, ...events } = options;
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new RangeError(expected('`status`', 'a whole number from 200 to 599', status));
  }
  const all = headersOf(headers);
  for (const [name, value] of Object.entries(usual)) if (!all.has(name)) all.set(name, value);
  return new Response(toSse(source, events), { status, headers: all });
};

const headersOf = (headers: ResponseInit['headers']): Headers => {
  try {
    return new Headers(headers);
  } catch (cause) {
    throw new TypeError(`${expected('`headers`', 'what Headers takes', headers)}: ${(cause as Error).message}`, {
      cause,
    });
  }
};

const usual = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  // nginx would gather what is to be read as it comes.
  'x-accel-buffering': 'no',
};
