import { type RunEvent, run, step } from 'millrace';
import { scripted } from 'millrace/testing';
import { map, type Observable, type OperatorFunction } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';

declare const shout: OperatorFunction<string, string>;

describe('run', () => {
  it('gives the results of the workflow, and events', () => {
    const watched = run(shout, 'a');
    expectTypeOf(watched).toExtend<Observable<string>>();
    expectTypeOf(watched.events).toEqualTypeOf<Observable<RunEvent>>();
    run(
      step(
        'measure',
        map((word) => word.length),
      ),
      'a',
    ).subscribe((length) => expectTypeOf(length).toEqualTypeOf<number>());
  });

  it('does not compile with another input', () => {
    // @ts-expect-error the workflow takes a string
    run(shout, 1);
  });

  it('takes backends to get ready, and nothing else', () => {
    run(shout, 'a', { preload: [scripted('')] });
    run(shout, 'a', { signal: new AbortController().signal });
    // @ts-expect-error a controller is no signal
    run(shout, 'a', { signal: new AbortController() });
    // @ts-expect-error a backend has `infer`
    run(shout, 'a', { preload: [{ id: 'x' }] });
  });
});
