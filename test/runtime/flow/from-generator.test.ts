import { lastValueFrom, take, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { fromGenerator } from '../../../src/runtime/flow/from-generator.ts';
import { hold } from '../../../src/runtime/flow/hold.ts';

const turn = () => new Promise(setImmediate);

describe('fromGenerator', () => {
  it('starts with each subscription, and completes with the generator', async () => {
    let started = 0;
    const source = fromGenerator(async function* () {
      started++;
      yield* ['a', 'b'];
    });
    await turn();
    expect(started).toBe(0);
    expect(await lastValueFrom(source.pipe(toArray()))).toEqual(['a', 'b']);
    expect(await lastValueFrom(source.pipe(toArray()))).toEqual(['a', 'b']);
    expect(started).toBe(2);
  });

  it('passes on what the generator throws', async () => {
    const source = fromGenerator(async function* () {
      yield 1;
      throw new Error('broken');
    });
    await expect(lastValueFrom(source)).rejects.toThrow('broken');
  });

  it('asks nothing more for a reader who left, also of what cannot be told to stop', async () => {
    let asked = 0;
    let release = () => {};
    const numbers = { [Symbol.asyncIterator]: () => ({ next: async () => ({ done: ++asked === 9, value: asked }) }) };
    const reading = fromGenerator(() => numbers).subscribe(() => {
      release = hold();
    });
    await turn();
    reading.unsubscribe();
    release();
    await turn();
    expect(asked).toBe(1);
  });

  it('asks for nothing while its reader holds', async () => {
    let asked = 0;
    const releases: (() => void)[] = [];
    const reading = fromGenerator(async function* () {
      for (;;) yield ++asked;
    }).subscribe(() => releases.push(hold()));
    await turn();
    expect(asked).toBe(1);
    releases[0]?.();
    await turn();
    expect(asked).toBe(2);
    reading.unsubscribe();
  });

  it('aborts its signal and runs `finally` when its reader leaves', async () => {
    const log: string[] = [];
    const source = fromGenerator(async function* (signal) {
      try {
        yield 1;
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      } finally {
        log.push(signal.aborted ? 'left' : 'ended');
      }
    });
    const reading = source.subscribe();
    await turn();
    reading.unsubscribe();
    await turn();
    expect(log).toEqual(['left']);
  });

  it('lets a reader leave that holds', async () => {
    let finished = false;
    const reading = fromGenerator(async function* () {
      try {
        for (;;) yield 1;
      } finally {
        finished = true;
      }
    }).subscribe(() => hold());
    await turn();
    reading.unsubscribe();
    await turn();
    expect(finished).toBe(true);
  });

  it('drops what the generator throws once its reader has left', async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', note);
    const errors: unknown[] = [];
    const reading = fromGenerator(async function* () {
      try {
        for (;;) yield 1;
      } finally {
        // biome-ignore lint/correctness/noUnsafeFinally: what is tested
        throw new Error('too late');
      }
    }).subscribe({ next: () => hold(), error: (error) => errors.push(error) });
    await turn();
    reading.unsubscribe();
    await turn();
    process.off('unhandledRejection', note);
    expect([errors, unhandled]).toEqual([[], []]);
  });

  it('reads what is no generator', async () => {
    let made = 0;
    const next = async () => ({ done: ++made > 3, value: made });
    const source = fromGenerator(() => ({ [Symbol.asyncIterator]: () => ({ next }) }));
    expect(await lastValueFrom(source.pipe(toArray()))).toEqual([1, 2, 3]);
    made = 0;
    expect(await lastValueFrom(source.pipe(take(2), toArray()))).toEqual([1, 2]);
  });

  it('fails where there is nothing to read', () => {
    const errors: unknown[] = [];
    const thrown = new Error('no source');
    const source = fromGenerator<number>(() => {
      throw thrown;
    });
    source.subscribe({ error: (error) => errors.push(error) });
    expect(errors).toEqual([thrown]);
  });

  it('stops a generator that yields at once', async () => {
    let made = 0;
    const source = fromGenerator(async function* () {
      for (;;) yield ++made;
    });
    expect(await lastValueFrom(source.pipe(take(3), toArray()))).toEqual([1, 2, 3]);
    expect(made).toBe(3);
  });
});
