import { hold, toAsyncIterable, toReadable, toResponse, toSse } from 'millrace';
import { type Observable, Subject, Subscription, share, take, takeUntil, timer } from 'rxjs';
import type { Chance } from './chance.ts';
import { Page } from './page.ts';
import { pause } from './pause.ts';

/** How a reading ended: by itself, with an error, or because the reader left. */
export type Ending =
  | { readonly how: 'completes' | 'leaves' }
  | { readonly how: 'fails'; readonly error: unknown }
  | { readonly how: 'tells of a failure'; readonly code: string };

/** What a reader needs. */
export type Reading = {
  readonly source: Observable<unknown>;
  readonly see: (value: unknown) => void;
  readonly chance: Chance;
  /** Milliseconds until the reader leaves, and how many values it takes at most; `Infinity` for one that stays. */
  readonly after: number;
  readonly most: number;
  /** To be called as soon as the reader has left. */
  readonly left: (how: string) => void;
};

/** One way to read, and to leave. */
export type Reader = (reading: Reading) => Promise<Ending>;

const completes: Ending = { how: 'completes' };
const leaves: Ending = { how: 'leaves' };

/** Leaves when it is time, in the middle of whatever happens. */
const whenLate = (after: number, leave: () => void): Subscription =>
  after === Number.POSITIVE_INFINITY ? Subscription.EMPTY : timer(after).subscribe(leave);

const subscribes: Reader = ({ source, see, after, most, left }) =>
  new Promise((resolve) => {
    const gone = new Subject<void>();
    let reading: Subscription | undefined;
    const leave = () => {
      resolve(leaves);
      // A source that is synchronous has given nothing to unsubscribe from yet.
      late.unsubscribe();
      if (reading === undefined) return gone.next();
      reading.unsubscribe();
      left('unsubscribe');
    };
    const late = whenLate(after, leave);
    const end = (ending: Ending) => {
      late.unsubscribe();
      resolve(ending);
    };
    let count = 0;
    reading = source.pipe(takeUntil(gone)).subscribe({
      next: (value) => {
        see(value);
        if (++count >= most) leave();
      },
      error: (error) => end({ how: 'fails', error }),
      complete: () => end(completes),
    });
  });

const takes: Reader = ({ source, see, after, most, left }) =>
  new Promise((resolve) => {
    const [ending, limit] = [
      after < Number.POSITIVE_INFINITY ? takeUntil<unknown>(timer(after)) : take<unknown>(1e9),
      take<unknown>(Math.min(most, 1e9)),
    ];
    source.pipe(limit, ending).subscribe({
      next: see,
      error: (error) => resolve({ how: 'fails', error }),
      complete: () => resolve(after < Number.POSITIVE_INFINITY || most < Number.POSITIVE_INFINITY ? leaves : completes),
    });
    void left;
  });

/** Holds every value for a while; leaves while it holds one. */
const holds: Reader = ({ source, see, chance, after, most, left }) =>
  new Promise((resolve) => {
    let count = 0;
    const gone = new Subject<void>();
    const held = new Set<() => void>();
    let over = false;
    const end = (ending: Ending) => {
      if (over) return;
      over = true;
      late.unsubscribe();
      resolve(ending);
    };
    const leave = () => {
      if (over) return;
      end(leaves);
      gone.next();
      for (const letGo of held) letGo();
      left('unsubscribe');
    };
    const late = whenLate(after, leave);
    source.pipe(takeUntil(gone)).subscribe({
      next: (value) => {
        see(value);
        const letGo = hold();
        held.add(letGo);
        const release = () => {
          held.delete(letGo);
          letGo();
        };
        if (++count >= most) leave();
        else if (chance.of(0.3)) release();
        else timer(chance.between(0, 15)).subscribe(release);
      },
      error: (error) => end({ how: 'fails', error }),
      complete: () => end(completes),
    });
  });

/** Two read the same; the slower one holds both, and leaves. */
const shares: Reader = async (reading) => {
  const source = reading.source.pipe(share());
  const first = subscribes({ ...reading, source, left: () => {} });
  // It misses what came at once.
  await holds({ ...reading, source, see: () => {}, after: reading.chance.between(0, 100), left: () => {} });
  return first;
};

/** Goes through a loop, slowly; ends it with `break`, with an error, or from outside while it waits. */
const loops: Reader = async ({ source, see, chance, after, most, left }) => {
  const iterator = toAsyncIterable(source, { highWaterMark: chance.between(0, 6) })[Symbol.asyncIterator]();
  let gone = false;
  const late = whenLate(after, () => {
    gone = true;
    void iterator.return?.();
    left('return');
  });
  const patience = chance.pick([0, 0, 10]);
  const mistake = new Error('a mistake in the loop');
  const throws = chance.of(0.3);
  let count = 0;
  try {
    for await (const value of { [Symbol.asyncIterator]: () => iterator }) {
      if (gone) break;
      see(value);
      if (++count >= most) {
        gone = true;
        if (throws) throw mistake;
        break;
      }
      if (patience > 0) await pause(chance.between(0, patience));
    }
    if (gone) left('break');
    return gone ? leaves : completes;
  } catch (error) {
    if (error !== mistake) return { how: 'fails', error };
    left('an error in the loop');
    return leaves;
  } finally {
    late.unsubscribe();
  }
};

/** Reads a stream to its end, or cancels it. A reader that stalls does not even do that. */
const drains = async <T>(
  stream: ReadableStream<T>,
  { chance, after, most, left }: Reading,
  see: (value: T) => void,
  stalls = false,
): Promise<Ending> => {
  const reader = stream.getReader();
  let gone = false;
  const leave = async () => {
    gone = true;
    const cancelled = reader.cancel(chance.of(0.5) ? new Error('no interest') : undefined);
    left('cancel');
    await cancelled;
  };
  const late = stalls ? Subscription.EMPTY : whenLate(after, () => void leave().catch(() => {}));
  const patience = chance.pick([0, 0, 10]);
  try {
    for (let count = 0; ; ) {
      if (count >= most && stalls) {
        await reader.closed;
        return completes;
      }
      if (count >= most) await leave();
      const { done, value } = await reader.read();
      // What was on its way does not count.
      if (gone) return leaves;
      if (done) return completes;
      count++;
      see(value);
      if (patience > 0) await pause(chance.between(0, patience));
    }
  } catch (error) {
    return { how: 'fails', error };
  } finally {
    late.unsubscribe();
  }
};

const pulls: Reader = (reading) => {
  const stream = toReadable(reading.source, { highWaterMark: reading.chance.between(0, 6) });
  return drains(stream, reading, reading.see);
};

const stalls: Reader = (reading) => {
  const { chance, source } = reading;
  const stream = toReadable(source, { idleTimeout: chance.between(20, 120), highWaterMark: chance.between(0, 3) });
  return drains(stream, { ...reading, most: chance.between(1, 6) }, reading.see, true);
};

/** Reads server-sent events as a page does. */
const listens: Reader = async (reading) => {
  const { chance, source, left } = reading;
  const leaving = new AbortController();
  const options = { signal: leaving.signal, ...(chance.of(0.5) && { idleTimeout: 5000 }) };
  const stream = chance.of(0.5)
    ? toSse(source, options)
    : (toResponse(source, options).body as ReadableStream<Uint8Array>);
  const aborts = chance.of(0.3) && reading.after < Number.POSITIVE_INFINITY;
  const reason = new Error('the client is gone');
  const late = whenLate(aborts ? reading.after : Number.POSITIVE_INFINITY, () => {
    leaving.abort(reason);
    left('the abort of a request');
  });
  const page = new Page((value) => leaving.signal.aborted || reading.see(value));
  const ending = await drains(stream, aborts ? { ...reading, after: Number.POSITIVE_INFINITY } : reading, page.take);
  late.unsubscribe();
  if (ending.how === 'fails' && ending.error === reason) return leaves;
  if (ending.how !== 'completes') return ending;
  if (page.failure !== undefined) return { how: 'tells of a failure', code: page.failure };
  return page.ended
    ? completes
    : { how: 'fails', error: new Error('Expected `end` or `error` at the end of the events') };
};

/** All ways to read. */
export const readers: { readonly [name: string]: Reader } = {
  subscribes,
  takes,
  holds,
  shares,
  loops,
  pulls,
  stalls,
  listens,
};
