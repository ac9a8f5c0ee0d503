import { from, lastValueFrom, takeUntil, timer } from 'rxjs';
import type { ChatChunk } from './chat-chunk.ts';
import { ChatFailure } from './chat-failure.ts';
import { serverSentEvents } from './server-sent-events.ts';

/** Milliseconds that the end of a body may take after the end of its events. */
const lingering = 50;
/** Milliseconds that the usage may take behind a whole answer: some servers send neither that nor an end. */
const reckoning = 2000;

/**
 * Reads an answer chunk by chunk, each when it is asked for. An answer that is not streamed is one chunk.
 *
 * The client's own reading of streams is not used: it goes on after `[DONE]`, where some servers stay silent for good,
 * drops an event that no empty line ends, and logs what it cannot read.
 *
 * @param isWhole Tells whether all of the answer has come but its usage.
 */
export async function* chatChunks(response: Response, isWhole: () => boolean): AsyncGenerator<ChatChunk, void> {
  const type = response.headers.get('content-type') ?? '';
  if (response.body === null)
    throw new ChatFailure('Expected a stream of events, received nothing', { retryable: true });
  if (/html/i.test(type)) {
    throw new ChatFailure(
      'Expected a `baseURL` that gives a stream of events, received one that gives a page of HTML',
      {
        retryable: false,
        said: await response.text(),
      },
    );
  }
  if (/json\b/i.test(type)) return yield parse(await response.text());

  const events = serverSentEvents(response.body);
  for (;;) {
    const next = await (isWhole() ? within(reckoning, events.next()) : events.next());
    if (next === undefined || next.done) return;
    const { value } = next;
    if (value.data.startsWith('[DONE]')) break;
    yield value.event === 'error' ? failed(value.data) : parse(value.data);
  }
  // A connection whose body was read to its end can be used again.
  await within(lingering, events.next());
}

/** What comes within so many milliseconds, if anything does. */
const within = <T>(milliseconds: number, coming: Promise<T>): Promise<T | undefined> =>
  lastValueFrom(from(coming).pipe(takeUntil(timer(milliseconds))), { defaultValue: undefined });

const parse = (text: string): ChatChunk => {
  const chunk = parsed(text);
  if (typeof chunk === 'object' && chunk !== null) return chunk;
  throw new ChatFailure('Expected chunks of JSON, received another text', { retryable: true, said: text });
};

/** An event that calls itself an error may carry it in any shape. */
const failed = (text: string): ChatChunk => {
  const error = parsed(text);
  return typeof error === 'object' && error !== null && 'error' in error ? error : { error: error ?? text };
};

const parsed = (text: string): object | undefined => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
