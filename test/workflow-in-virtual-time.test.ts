import { BackendError, inferText, step } from 'millrace';
import { marbles, scripted } from 'millrace/testing';
import { concatMap, of, pipe, retry, throwError, timeout } from 'rxjs';
import { it } from 'vitest';

it(
  'tests three model steps, a timeout and a retry without one real millisecond',
  marbles(({ cold, expectObservable }) => {
    const busy = throwError(() => new BackendError('busy', { backend: 'writer', retryable: true }));
    const reader = scripted(() => cold('--a|'));
    const writer = scripted((_, index) => (index === 0 ? busy : cold('---b|')));
    const judge = scripted((_, index) => (index === 0 ? cold('-') : cold('-c|')));

    const patient = concatMap((text: string) =>
      of(text).pipe(inferText(judge), timeout(5_000), retry({ count: 1, delay: 1_000 })),
    );
    const workflow = pipe(
      step('read', inferText<string>(reader)),
      step(
        'write',
        concatMap((text) => of(text).pipe(inferText(writer), retry({ count: 1, delay: 100 }))),
      ),
      step('judge', patient),
    );

    // 3 ms to read; 100 to wait and 4 to write; 5,000 until the timeout, 1,000 to wait and 2 to judge.
    expectObservable(of('x').pipe(workflow)).toBe('6109ms (c|)');
  }),
);
