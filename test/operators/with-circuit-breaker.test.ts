import {
  type Backend,
  type BackendError,
  type CircuitBreakerOptions,
  infer,
  inferText,
  type RunEvent,
  run,
  withCircuitBreaker,
  withRetry,
} from 'millrace';
import { backendContract, marbles, type ScriptedReply, scripted } from 'millrace/testing';
import { catchError, map, mergeMap, NEVER, noop, of, Subject, throwError, timer } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { failure } from '../support/failure.ts';
import { letters } from '../support/letters.ts';
import { obeysOperatorLaws } from '../support/operator-laws.ts';
import { outcome } from '../support/outcome.ts';

const broken = (error = failure()): ScriptedReply => throwError(() => error);

/** Opens with the second of two failures, for 6 ms. */
const brittle: CircuitBreakerOptions = { window: 2, pause: 6 };

/** Makes one request, which ends at once: its answer, or the error. */
const ask = (backend: Backend): unknown => {
  const { values, error } = outcome(of('?').pipe(inferText(backend)));
  return error ?? values[0];
};

describe('withCircuitBreaker', () => {
  obeysOperatorLaws(
    () => infer(withCircuitBreaker(scripted('one two'))),
    (n) => `question ${n}`,
  );

  const contract = backendContract({
    backend: () => withCircuitBreaker(scripted('one two three')),
    failing: () => withCircuitBreaker(scripted(broken())),
  });
  for (const { title, check } of contract) it(title, check);

  it(
    'leaves a backend alone that fails, and tries it again after a while',
    marbles(({ cold, hot, expectObservable }) => {
      const source = hot(' -x-x-x-----x---|');
      const first = cold('  #', {}, failure());
      const second = cold('   #', {}, failure());
      const third = cold('            -a|');
      const expected = '   -n-n-o------af-|';
      const states = '     c--o-------h-c';
      const model = scripted((_, index) => [first, second, third][index] as ScriptedReply);
      const breaking = withCircuitBreaker(model, brittle);
      const letter = ({ retryAfter }: BackendError) => (retryAfter === undefined ? 'n' : 'o');
      const asked = mergeMap(() =>
        of('?').pipe(
          infer(breaking),
          letters,
          catchError((error) => of(letter(error))),
        ),
      );

      expectObservable(source.pipe(asked)).toBe(expected);
      expectObservable(breaking.state.pipe(map((state) => state.charAt(0)))).toBe(states);
    }),
  );

  it(
    'says when to try again',
    marbles(() => {
      const model = scripted(broken());
      const breaking = withCircuitBreaker(model, { ...brittle, pause: 1000 });
      ask(breaking);
      ask(breaking);
      timer(400).subscribe(() => {
        expect(ask(breaking)).toMatchObject({
          name: 'BackendError',
          backend: 'scripted',
          retryable: true,
          retryAfter: 600,
        });
        expect(model.requests).toHaveLength(2);
      });
    }),
  );

  it('opens anew, for the whole pause, where the next request fails', () => {
    const states: string[] = [];
    marbles(() => {
      const breaking = withCircuitBreaker(scripted(broken()), brittle);
      breaking.state.subscribe((state) => states.push(state));
      for (const time of [0, 1, 7, 12]) timer(time).subscribe(() => ask(breaking));
    })();
    expect(states).toEqual(['closed', 'open', 'half-open', 'open']);
  });

  it('lets one request try, and the others wait for what comes of it', () => {
    const trial = new Subject<string>();
    const model = scripted((_, index) => (index < 2 ? broken() : index === 2 ? trial : 'yes'));
    const breaking = withCircuitBreaker(model, { ...brittle, pause: 0 });
    const answers: unknown[] = [ask(breaking), ask(breaking)];
    of('?')
      .pipe(inferText(breaking))
      .subscribe((answer) => answers.push(answer));
    const error = ask(breaking) as BackendError;
    expect(error).toMatchObject({ retryable: true });
    expect(error.retryAfter).toBeUndefined();
    trial.next('back');
    trial.complete();
    expect(ask(breaking)).toBe('yes');
    expect(answers).toMatchObject([failure(), failure(), 'back']);
  });

  it('lets the next request try where the reader of the one that tried leaves', () => {
    const states: string[] = [];
    const model = scripted((_, index) => (index < 2 ? broken() : index === 2 ? NEVER : 'yes'));
    const breaking = withCircuitBreaker(model, { ...brittle, pause: 0 });
    breaking.state.subscribe((state) => states.push(state));
    ask(breaking);
    ask(breaking);
    of('?').pipe(infer(breaking)).subscribe().unsubscribe();
    expect(ask(breaking)).toBe('yes');
    expect(states).toEqual(['closed', 'open', 'half-open', 'open', 'half-open', 'closed']);
  });

  it.each<[string, ScriptedReply]>([
    ['who leaves', NEVER],
    ['an error that is not retryable', broken(failure({ retryable: false }))],
  ])('counts %s neither way', (_, reply) => {
    const breaking = withCircuitBreaker(
      scripted((_, index) => (index === 1 ? reply : broken())),
      { ...brittle, pause: 1000 },
    );
    const states: string[] = [];
    breaking.state.subscribe((state) => states.push(state));
    ask(breaking);
    of('?').pipe(infer(breaking)).subscribe({ error: noop }).unsubscribe();
    expect(states).toEqual(['closed']);
    ask(breaking);
    expect(states).toEqual(['closed', 'open']);
  });

  it('counts a failure behind the first token', () => {
    const model = scripted(new Subject<string>().pipe(() => throwError(() => failure())));
    const breaking = withCircuitBreaker(model, { window: 1 });
    ask(breaking);
    expect(ask(breaking)).toHaveProperty('retryAfter');
  });

  it('does not hear of requests any more that began before it opened', () => {
    const late = new Subject<string>();
    const model = scripted((_, index) => (index === 0 ? late : broken()));
    const breaking = withCircuitBreaker(model, brittle);
    const states: string[] = [];
    breaking.state.subscribe((state) => states.push(state));
    of('?')
      .pipe(infer(breaking))
      .subscribe({ error: () => {} });
    ask(breaking);
    ask(breaking);
    late.error(failure());
    expect(states).toEqual(['closed', 'open']);
    expect(ask(breaking)).toHaveProperty('retryAfter');
  });

  it(
    'has retries wait for it',
    marbles(({ expectObservable }) => {
      const model = scripted((_, index) => (index < 1 ? broken() : 'yes'));
      const breaking = withCircuitBreaker(model, { window: 1, pause: 20 });
      const patient = withRetry(breaking, { minDelay: 10, random: () => 0 });
      expectObservable(of('?').pipe(inferText(patient))).toBe('20ms (y|)', { y: 'yes' });
    }),
  );

  it('shows a run each change of state', () => {
    const breaking = withCircuitBreaker(
      scripted((_, index) => (index === 0 ? broken() : 'yes')),
      { window: 1, pause: 0 },
    );
    const events: RunEvent[] = [];
    for (const _ of [1, 2]) {
      const asked = run(infer<string>(breaking), '?');
      asked.events.subscribe((event) => event.type === 'circuit' && events.push(event));
      asked.subscribe({ error: () => {} });
    }
    expect(events).toMatchObject(
      ['open', 'half-open', 'closed'].map((state) => ({ kind: 'model', name: 'scripted', backend: 'scripted', state })),
    );
  });

  it.each([
    [
      () => withCircuitBreaker(1 as never),
      'Expected the backend of withCircuitBreaker to be an object with an `infer`',
    ],
    [() => withCircuitBreaker(scripted(''), { threshold: 1 }), 'Expected `threshold` to be a number between 0 and 1'],
    [() => withCircuitBreaker(scripted(''), { window: 0 }), 'Expected `window` to be a whole number from 1 to'],
    [() => withCircuitBreaker(scripted(''), { minimum: 21 }), 'Expected `minimum` to be a whole number from 1 to 20'],
    [
      () => withCircuitBreaker(scripted(''), { pause: -1 }),
      'Expected `pause` to be a number of at least 0, received -1',
    ],
    [() => withCircuitBreaker(scripted(''), { failures: 1 } as never), 'received `failures`'],
  ])('refuses misuse when it is made (%#)', (make, message) => {
    expect(make).toThrow(message);
  });
});
