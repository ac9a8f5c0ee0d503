import { hold, infer, inferText, type RunEvent, run, text } from 'millrace';
import { onnx } from 'millrace/onnx';
import { filter, firstValueFrom, lastValueFrom, map, mergeMap, of, pipe, tap, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { modelFolder } from '../support/models.ts';

const tiny = onnx(modelFolder('tiny-llama'));
const long = { maxTokens: 200 };

/** Resolves once another request has been answered: whatever could be made in the meantime has been. */
const others = () => lastValueFrom(of('Meanwhile').pipe(infer(tiny, { maxTokens: 60 })));

describe('a slow reader of a model on this machine', () => {
  it('is given one event more than it took, while others are answered at their own pace', async () => {
    const releases: (() => void)[] = [];
    const events: unknown[] = [];
    const reading = of('Slowly')
      .pipe(infer(tiny, long))
      .subscribe((event) => {
        events.push(event);
        releases.push(hold());
      });
    for (let taken = 0; taken < 20; taken++) {
      while (events.length <= taken) await new Promise(setImmediate);
      releases[taken]?.();
    }
    await others();
    expect(events.length).toBe(21);
    const { usage } = await firstValueFrom(
      of('Slowly').pipe(
        infer(tiny, { maxTokens: 20 }),
        filter((event) => event.type === 'finish'),
      ),
    );
    expect(usage.output).toBe(20);
    reading.unsubscribe();
  });

  it('gets the same answer as a fast one', async () => {
    const ask = () => of('The same').pipe(infer(tiny, { maxTokens: 40 }));
    const fast = await lastValueFrom(ask().pipe(toArray()));
    const slow: unknown[] = [];
    await new Promise<void>((resolve, reject) =>
      ask().subscribe({
        next: (event) => {
          slow.push(event.type === 'token' ? event.text : event.type);
          const release = hold();
          setImmediate(release);
        },
        error: reject,
        complete: resolve,
      }),
    );
    expect(slow).toEqual(fast.map((event) => (event.type === 'token' ? event.text : event.type)));
  });

  it('knows in a run what was spent when it leaves', async () => {
    const spent: unknown[] = [];
    let seen = 0;
    const leaving = run(infer<string>(tiny, long), 'Leaving early');
    leaving.events.subscribe((event) => {
      if (event.type === 'usage' || event.type === 'cancel')
        spent.push(event.type === 'usage' ? event.usage : event.kind);
    });
    await new Promise<void>((resolve) => {
      const reading = leaving.subscribe(() => {
        if (++seen < 5) return;
        reading.unsubscribe();
        resolve();
      });
    });
    const whole = { input: expect.any(Number), cached: expect.any(Number), output: 5 };
    expect(spent).toEqual([whole, 'model', 'run']);
  });

  it('tells of a whole answer with its finish alone what was spent', async () => {
    const ask = (stop: readonly string[]) => infer<string>(tiny, { maxTokens: 20, stop });
    const events = await lastValueFrom(of('Once').pipe(ask([]), toArray()));
    const tokens = events.flatMap((event) => (event.type === 'token' ? event.text : []));
    const before = (index: number) => tokens.slice(0, index).join('');
    // The token that ends the answer brings nothing else.
    const last = tokens.findIndex((token, index) => index > 3 && !before(index).includes(token));
    const told: RunEvent[] = [];
    const chain = run(pipe(ask([tokens[last] as string]), text(), ask([])), 'Once');
    chain.events.subscribe((event) => told.push(event));
    await lastValueFrom(chain);
    const ends = told.filter(({ type }) => type === 'finish' || type === 'usage');
    expect(ends).toMatchObject([{ type: 'finish', reason: 'stop' }, { type: 'finish' }]);
  });

  it('can leave while it holds', async () => {
    const reading = of('Leaving')
      .pipe(infer(tiny, long))
      .subscribe(() => hold());
    await others();
    reading.unsubscribe();
    await others();
  });

  it('keeps no place from others', async () => {
    const releases: (() => void)[] = [];
    const stalled = Array.from({ length: 8 }, (_, index) => {
      let text = '';
      return lastValueFrom(
        of(`Stalled ${index}`).pipe(
          infer(tiny, { maxTokens: 40 }),
          tap((event) => {
            if (event.type === 'token') text += event.text;
            if (releases.length < 8) releases.push(hold());
          }),
          map(() => text),
        ),
      );
    });
    while (releases.length < 8) await new Promise(setImmediate);
    expect((await lastValueFrom(of('Ninth').pipe(infer(tiny, { maxTokens: 5 })))).type).toBe('finish');
    for (const release of releases) release();
    for (const [index, text] of (await Promise.all(stalled)).entries()) {
      const alone = of(`Stalled ${index}`).pipe(inferText(tiny, { maxTokens: 40 }));
      expect(text).toBe(await lastValueFrom(alone));
    }
  });

  it('holds a step in the middle of a chain through the one behind it', async () => {
    let made = 0;
    const chain = of('First').pipe(
      infer(tiny, long),
      filter((event) => event.type === 'token'),
      map(() => ++made),
      mergeMap((number) => of(number)),
    );
    const reading = chain.subscribe((number) => number === 10 && hold());
    while (made < 10) await new Promise(setImmediate);
    await others();
    expect(made).toBe(10);
    reading.unsubscribe();
  });
});
