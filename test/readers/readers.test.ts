import { infer, toAsyncIterable, toReadable } from 'millrace';
import { scripted } from 'millrace/testing';
import {
  concat,
  defer,
  EMPTY,
  map,
  merge,
  NEVER,
  Observable,
  of,
  range,
  Subject,
  share,
  take,
  tap,
  throwError,
} from 'rxjs';
import { describe, expect, it } from 'vitest';
import { counted, turn } from '../support/counted.ts';

type Reader<T> = {
  readonly read: () => Promise<{ done?: boolean; value?: T }>;
  readonly leave: () => Promise<unknown>;
};
type Open = <T>(source: Observable<T>, options?: { highWaterMark?: number }) => Reader<T>;

const iterate: Open = (source, options) => {
  const iterator = toAsyncIterable(source, options)[Symbol.asyncIterator]();
  return { read: () => iterator.next() as never, leave: async () => iterator.return?.() };
};

const stream: Open = (source, options) => {
  const reader = toReadable(source, options).getReader();
  return { read: () => reader.read() as never, leave: () => reader.cancel() };
};

const readAll = async <T>({ read }: Reader<T>, count = Number.POSITIVE_INFINITY): Promise<T[]> => {
  const values: T[] = [];
  while (values.length < count) {
    const { done, value } = await read();
    if (done) break;
    values.push(value as T);
  }
  return values;
};

describe.each([
  ['toAsyncIterable', iterate],
  ['toReadable', stream],
] as const)('%s', (_, open: Open) => {
  it('gives all values, then the end, which stays', async () => {
    const reader = open(range(1, 5));
    expect(await readAll(reader)).toEqual([1, 2, 3, 4, 5]);
    expect(await reader.read()).toMatchObject({ done: true });
  });

  it('ends at once where there is nothing', async () => {
    expect(await readAll(open(EMPTY))).toEqual([]);
  });

  it('does nothing before the first read', async () => {
    let subscribed = 0;
    const reader = open(
      defer(() => {
        subscribed++;
        return of(1);
      }),
    );
    await turn();
    expect(subscribed).toBe(0);
    await readAll(reader);
    expect(subscribed).toBe(1);
  });

  it.each([0, 1, 4, 32])('lets the producer be %i values ahead, and no more', async (highWaterMark) => {
    const source = counted();
    const reader = open(source.numbers, { highWaterMark });
    expect(await readAll(reader, 20)).toHaveLength(20);
    await turn();
    expect(source.made).toBe(20 + highWaterMark);
    await reader.leave();
  });

  it('lets it be four ahead unless told otherwise', async () => {
    const source = counted();
    const reader = open(source.numbers);
    await readAll(reader, 20);
    await turn();
    expect(source.made).toBe(24);
    await reader.leave();
  });

  it('holds each of several producers', async () => {
    const sources = [counted(), counted(), counted()];
    const reader = open(merge(...sources.map(({ numbers }) => numbers)), { highWaterMark: 4 });
    await readAll(reader, 20);
    await turn();
    const made = sources.reduce((sum, source) => sum + source.made, 0);
    expect(made).toBeLessThanOrEqual(20 + 4 + 2);
    for (const source of sources) expect(source.made).toBeGreaterThan(3);
    await reader.leave();
  });

  it('keeps what comes from where nobody can be held, in order, be it ever so much', async () => {
    const values = await readAll(open(range(0, 200_000), { highWaterMark: 1 }));
    expect(values).toHaveLength(200_000);
    expect(values.every((value, index) => value === index)).toBe(true);
  });

  it('reads to the end what one delivery brings', async () => {
    const source = counted(5);
    const thrice = source.numbers.pipe(
      (numbers) =>
        new Observable<number>((subscriber) =>
          numbers.subscribe({
            next: (value) => {
              for (const part of [1, 2, 3]) subscriber.next(value * 10 + part);
            },
            complete: () => subscriber.complete(),
          }),
        ),
    );
    const values = await readAll(open(thrice, { highWaterMark: 1 }));
    expect(values).toHaveLength(15);
    expect(values.slice(0, 4)).toEqual([11, 12, 13, 21]);
  });

  it('stops the producer when the reader leaves', async () => {
    const source = counted();
    const reader = open(source.numbers);
    await readAll(reader, 2);
    await turn();
    expect(source.running).toBe(true);
    await reader.leave();
    await turn();
    expect(source.running).toBe(false);
    expect(source.made).toBe(6);
    expect(await reader.read()).toMatchObject({ done: true });
  });

  it('lets no producer make one more when its reader has left', async () => {
    const model = scripted(Array.from({ length: 100 }, (_, index) => `${index} `));
    const reader = open(of('?').pipe(infer(model)), { highWaterMark: 4 });
    await readAll(reader, 2);
    await turn();
    await reader.leave();
    expect(model.readings).toEqual([{ taken: 6, unsubscribed: true }]);
  });

  it('never subscribes once the reader has left', async () => {
    let subscribed = false;
    const reader = open(
      defer(() => {
        subscribed = true;
        return NEVER;
      }),
    );
    await reader.leave();
    expect(await reader.read()).toMatchObject({ done: true });
    expect(subscribed).toBe(false);
  });

  it('ends a read that waits when the reader leaves', async () => {
    const reader = open(NEVER);
    const waiting = reader.read();
    await turn();
    await reader.leave();
    expect(await waiting).toMatchObject({ done: true });
  });

  it('lets go of what it holds when the reader leaves, for the sake of others', async () => {
    const source = counted(100);
    const shared = source.numbers.pipe(share());
    const seen: number[] = [];
    const other = shared.subscribe((value) => seen.push(value));
    const reader = open(shared, { highWaterMark: 2 });
    await readAll(reader, 1);
    await turn();
    expect(source.made).toBe(3);
    await reader.leave();
    await turn();
    expect(seen).toHaveLength(100);
    other.unsubscribe();
  });

  it('lets go of what it holds when its source ends before the producer does', async () => {
    const source = counted(100);
    const shared = source.numbers.pipe(share());
    const seen: number[] = [];
    shared.subscribe((value) => seen.push(value));
    const reader = open(shared.pipe(take(2)), { highWaterMark: 1 });
    await readAll(reader, 1);
    await turn();
    expect(seen).toHaveLength(100);
    expect(await readAll(reader)).toEqual([2]);
  });

  it('lets the slowest of two readers decide', async () => {
    const source = counted();
    const shared = source.numbers.pipe(share());
    const [fast, slow] = [open(shared, { highWaterMark: 2 }), open(shared, { highWaterMark: 2 })];
    const waiting = slow.read();
    await readAll(fast, 3);
    await waiting;
    await turn();
    expect(source.made).toBe(3);
    const held = fast.read();
    await turn();
    expect(source.made).toBe(3);
    await slow.read();
    expect(await held).toMatchObject({ value: 4 });
    await Promise.all([fast.leave(), slow.leave()]);
  });

  it('reads what came before an error, then fails with it', async () => {
    const reader = open(
      concat(
        range(1, 3),
        throwError(() => new Error('broken')),
      ),
    );
    expect(await readAll(reader, 3)).toEqual([1, 2, 3]);
    await expect(reader.read()).rejects.toThrow('broken');
  });

  it('fails a read that waits', async () => {
    const source = new Subject<number>();
    const waiting = open(source).read();
    await turn();
    source.error(new Error('broken'));
    await expect(waiting).rejects.toThrow('broken');
  });

  it('leaves an error alone that comes to nobody', async () => {
    const source = new Subject<number>();
    const reader = open(source);
    const first = reader.read();
    await turn();
    source.next(1);
    source.error(new Error('broken'));
    expect(await first).toMatchObject({ value: 1 });
    await turn();
  });

  it('answers reads at the same time in their order', async () => {
    const reader = open(counted().numbers, { highWaterMark: 0 });
    const results = await Promise.all([reader.read(), reader.read(), reader.read()]);
    expect(results.map(({ value }) => value)).toEqual([1, 2, 3]);
    await reader.leave();
  });

  it('stops a source that is left from within its own values', async () => {
    let read = 0;
    const source: Observable<number> = range(1, 1000).pipe(
      tap(() => {
        if (++read === 3) void reader.leave();
      }),
    );
    const reader = open(source);
    await reader.read();
    expect(read).toBe(3);
  });
});

describe('toAsyncIterable', () => {
  it('leaves when the loop breaks, and begins anew with the next loop', async () => {
    const source = counted();
    const iterable = toAsyncIterable(source.numbers, { highWaterMark: 4 });
    for await (const value of iterable) if (value === 20) break;
    await turn();
    expect(source.running).toBe(false);
    expect(source.made).toBeLessThanOrEqual(24);
    for await (const _ of iterable) break;
    expect(source.made).toBeGreaterThan(20);
  });

  it('leaves when the loop throws', async () => {
    const source = counted();
    const loop = async () => {
      for await (const value of toAsyncIterable(source.numbers)) if (value === 3) throw new Error('mine');
    };
    await expect(loop()).rejects.toThrow('mine');
    await turn();
    expect(source.running).toBe(false);
  });

  it('tells an error once', async () => {
    const iterator = toAsyncIterable(throwError(() => 'broken'))[Symbol.asyncIterator]();
    await expect(iterator.next()).rejects.toBe('broken');
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it.each([
    [() => toAsyncIterable('x' as never), /Expected the source of toAsyncIterable to be an observable, received "x"/],
    [
      () => toAsyncIterable(EMPTY, { highWaterMark: -1 }),
      /Expected `highWaterMark` to be a whole number of at least 0/,
    ],
    [
      () => toAsyncIterable(EMPTY, { highwatermark: 1 } as never),
      /to be among highWaterMark, received `highwatermark`/,
    ],
    [() => toAsyncIterable(EMPTY, null as never), /Expected the options of toAsyncIterable to be an object/],
    [
      () => toReadable(EMPTY, { idleTimeout: 0 }),
      /Expected `idleTimeout` to be milliseconds above 0 and below 2147483648, received 0/,
    ],
  ])('refuses misuse when it is made %#', (make, message) => {
    expect(make).toThrow(message);
  });
});

describe('toReadable', () => {
  it('asks for nothing that its reader does not, through pipes as well', async () => {
    const source = counted();
    const reader = toReadable(source.numbers, { highWaterMark: 0 })
      .pipeThrough(new TransformStream<number, number>())
      .getReader();
    for (let read = 0; read < 20; read++) await reader.read();
    await turn();
    expect(source.made).toBeLessThanOrEqual(22);
    await reader.cancel();
    await turn();
    expect(source.running).toBe(false);
  });

  it('fails what it is piped into', async () => {
    const source = concat(
      of('a'),
      throwError(() => new Error('broken')),
    );
    const written: string[] = [];
    const sink = new WritableStream<string>({ write: (chunk) => void written.push(chunk) });
    await expect(toReadable(source.pipe(map(String))).pipeTo(sink)).rejects.toThrow('broken');
    expect(written).toEqual(['a']);
  });

  it('fails, and leaves the source, when nobody has read for `idleTimeout`', async () => {
    const source = counted();
    const reader = toReadable(source.numbers, { idleTimeout: 20 }).getReader();
    await reader.read();
    await expect(reader.closed).rejects.toMatchObject({ code: 'reader', idleTimeout: 20 });
    expect(source.running).toBe(false);
    await expect(reader.read()).rejects.toMatchObject({ code: 'reader' });
  });
});
