import { BackendError, inferText, step, WorkflowError } from 'millrace';
import { marbles, scripted } from 'millrace/testing';
import { catchError, concat, concatMap, map, mergeMap, of, pipe, retry, TimeoutError, throwError, timeout } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { obeysOperatorLaws } from '../support/operator-laws.ts';
import { outcome } from '../support/outcome.ts';

const shout = map((word: string) => word.toUpperCase());
const failWith = (error: unknown) => mergeMap((_: string) => throwError(() => error));

describe('step', () => {
  obeysOperatorLaws(
    () => step('shout', shout),
    () => 'a',
  );

  it(
    'gives what its workflow gives',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot(' -a--b--|');
      const expected = '   -A--B--|';
      const subs = '       ^------!';
      expectObservable(source.pipe(step('shout', shout))).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(subs);
    }),
  );

  it('adds its name to the path of an error, outermost first', () => {
    const error = new BackendError('gone', { backend: 'b', retryable: true, status: 503 });
    const inner = step('inner', failWith(error));
    const failed = outcome(of('a').pipe(step('outer', inner))).error;
    expect(failed).toBeInstanceOf(BackendError);
    expect(failed).toMatchObject({ message: 'gone', path: ['outer', 'inner'], backend: 'b', status: 503 });
    expect((failed as BackendError).stack).toContain('BackendError: gone');
    expect(error.path).toEqual([]);
  });

  it.each([
    ['an error', new RangeError('too far'), 'too far'],
    ['what is not one', 'too far', 'too far'],
  ])('makes %s of another kind the cause of a WorkflowError', (_, cause, message) => {
    const { error } = outcome(of('a').pipe(step('reach', failWith(cause))));
    expect(error).toBeInstanceOf(WorkflowError);
    expect(error).toMatchObject({ code: 'step', message, cause, path: ['reach'] });
  });

  it('passes on an error of the source as it is', () => {
    const error = new Error('before');
    const source = concat(
      of('a'),
      throwError(() => error),
    );
    expect(outcome(source.pipe(step('shout', shout)))).toEqual({ values: ['A'], error });
    const first = step('first', failWith(error));
    expect(outcome(of('a').pipe(first, step('second', shout))).error).toMatchObject({ path: ['first'] });
  });

  it('names an error of its own that comes after one of the source was mended', () => {
    const error = new Error('again');
    const source = throwError(() => error);
    const second = new Error('second');
    const mended = (input: typeof source) => input.pipe(retry({ count: 1, delay: () => throwError(() => second) }));
    expect(outcome(source.pipe(step('mend', mended))).error).toMatchObject({ path: ['mend'], cause: second });
  });

  it.each(['', undefined, 1])('refuses the name %j when it is made', (name) => {
    expect(() => step(name as string, shout)).toThrow(/^Expected a step's name to be a string that is not empty/);
  });

  it(
    'lets three model steps, a timeout and a retry be tested without one real millisecond',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const summary = cold('--s|');
      const silence = cold('-');
      const french = cold(' --f|');
      const headline = cold('--h|');
      const silent = '      ---^ 4999ms !';
      const answers = [summary, silence, french, headline];
      const model = scripted((_, index) => answers[index] ?? 'asked too often');
      const translate = concatMap((text: string) =>
        of(text).pipe(inferText(model), timeout(5_000), retry({ count: 1, delay: 1_000 })),
      );

      const result = of('article').pipe(
        step('summarise', inferText(model)),
        step('translate', translate),
        step('headline', inferText(model)),
      );

      expectObservable(result).toBe('6009ms (h|)');
      expectSubscriptions(silence.subscriptions).toBe(silent);
    }),
  );

  it(
    'names the step whose timeout ran out',
    marbles(({ cold, expectObservable }) => {
      const model = scripted((_, index) => (index === 0 ? cold('--s|') : cold('-')));
      const result = of('article').pipe(
        step('summarise', inferText(model)),
        step('translate', pipe(inferText(model), timeout(5_000))),
        catchError((error: WorkflowError) => [error.path, error.cause instanceof TimeoutError]),
      );
      expectObservable(result).toBe('5000ms (pt|)', { p: ['translate'], t: true });
    }),
  );
});
