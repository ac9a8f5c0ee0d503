import {
  type Backend,
  type BackendError,
  infer,
  inferText,
  RetryBudget,
  type RetryOptions,
  type RunEvent,
  run,
  withRetry,
} from 'millrace';
import { backendContract, marbles, scripted } from 'millrace/testing';
import { noop, of, throwError, timer } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { failure } from '../support/failure.ts';
import { letters } from '../support/letters.ts';
import { obeysOperatorLaws } from '../support/operator-laws.ts';

const half = (): number => 0.5;

/** A backend that fails so often, and then answers `yes`. */
const failing = (times: number, error = failure()) =>
  scripted((_, index) => (index < times ? throwError(() => error) : 'yes'));

/** Makes one request. */
const ask = (backend: Backend) => of('?').pipe(infer(backend));

describe('withRetry', () => {
  obeysOperatorLaws(
    () => infer(withRetry(scripted('one two'))),
    (n) => `question ${n}`,
  );

  const contract = backendContract({
    backend: () => withRetry(scripted('one two three')),
    failing: () => withRetry(failing(9), { minDelay: 0 }),
  });
  for (const { title, check } of contract) it(title, check);

  it(
    'asks again, after a pause, where a request fails before its first event',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const first = cold('  --#', {}, failure());
      const second = cold('     -a-|');
      const expected = '    -----a-(f|)';
      const model = scripted((_, index) => (index === 0 ? first : second));
      const patient = withRetry(model, { minDelay: 4, random: half });

      expectObservable(ask(patient).pipe(letters)).toBe(expected);
      expectSubscriptions(first.subscriptions).toBe('^-!');
      expectSubscriptions(second.subscriptions).toBe('----^--!');
    }),
  );

  it(
    'leaves an answer alone that has begun',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const answer = cold('-a-#', undefined, 'broken');
      const broken = cold('-a-#', undefined, failure());
      for (const [each, error] of [
        [answer, 'broken'],
        [broken, failure()],
      ] as const) {
        expectObservable(ask(withRetry(scripted(each))).pipe(letters)).toBe('-a-#', undefined, error);
        expectSubscriptions(each.subscriptions).toBe('^--!');
      }
    }),
  );

  it(
    'ends the pause when the reader leaves',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const answer = cold('#', {}, failure());
      const model = scripted(answer);
      expectObservable(ask(withRetry(model, { minDelay: 10, random: half })), '---!').toBe('-');
      expectSubscriptions(answer.subscriptions).toBe('(^!)');
      timer(100).subscribe(() => expect(model.requests).toHaveLength(1));
    }),
  );

  /** Makes one request, and gives the pauses before its attempts and how it ended. */
  const trial = (times: number, options: RetryOptions, error = failure()) => {
    const delays: number[] = [];
    const ends: unknown[] = [];
    marbles(() => {
      const asked = run(inferText<string>(withRetry(failing(times, error), options)), '?');
      asked.events.subscribe((event) => event.type === 'retry' && delays.push(event.delay));
      asked.subscribe({ next: (answer) => ends.push(answer), error: (error) => ends.push(error) });
    })();
    return { delays, end: ends[0] };
  };

  it('draws each pause from nothing to a bound that doubles, up to `maxDelay`', () => {
    const options = { attempts: 6, minDelay: 100, maxDelay: 500 };
    const most = [100, 200, 400, 500, 500];
    expect(trial(5, { ...options, random: () => 1 })).toEqual({ delays: most, end: 'yes' });
    expect(trial(5, { ...options, random: () => 0.5 }).delays).toEqual(most.map((delay) => delay / 2));
    expect(trial(5, { ...options, random: () => 0 }).delays).toEqual([0, 0, 0, 0, 0]);
  });

  it('waits at least as long as the error says', () => {
    const options = { minDelay: 100, maxDelay: 1000, random: half };
    expect(trial(2, options, failure({ retryAfter: 700 }))).toEqual({ delays: [750, 800], end: 'yes' });
    expect(trial(1, options, failure({ retryAfter: 990 }))).toEqual({ delays: [1000], end: 'yes' });
  });

  it.each<[string, number, RetryOptions, BackendError]>([
    ['asks for a longer pause than `maxDelay`', 0, { maxDelay: 1000 }, failure({ retryAfter: 1001 })],
    ['is not retryable', 0, {}, failure({ retryable: false })],
    ['comes after the last of three attempts', 2, {}, failure()],
    ['comes after as many `attempts` as said', 4, { attempts: 5 }, failure()],
    ['comes after the only attempt', 0, { attempts: 1 }, failure()],
    ['would be waited for past the `deadline`', 1, { minDelay: 100, deadline: 150 }, failure()],
    ['finds the `budget` spent', 1, { budget: new RetryBudget({ share: 0, perSecond: 0.1 }) }, failure()],
  ])('fails at once with an error that %s', (_, retries, options, error) => {
    const { delays, end } = trial(9, { random: half, ...options }, error);
    expect(end).toMatchObject({ ...error });
    expect(delays).toHaveLength(retries);
  });

  it(
    'tells its `budget` of each request, and takes of it no more than it uses',
    marbles(() => {
      const budget = new RetryBudget({ share: 1, perSecond: 0 });
      ask(withRetry(failing(9), { budget, deadline: 0 })).subscribe({ error: noop });
      expect(budget.balance).toBe(1);
      ask(withRetry(failing(2), { budget, random: half })).subscribe();
      expect(budget.balance).toBe(1);
      timer(2000).subscribe(() => expect(budget.balance).toBe(0));
    }),
  );

  it('counts the attempts in the events, and shows a run each failure', () => {
    const error = failure();
    const reports: RunEvent[] = [];
    const attempts: number[] = [];
    marbles(() => {
      const asked = run(infer<string>(withRetry(failing(2, error), { random: half })), '?');
      asked.events.subscribe((event) => reports.push(event));
      asked.subscribe(({ attempt }) => attempts.push(attempt));
    })();
    expect(attempts).toEqual([3, 3]);
    expect(reports.filter(({ type }) => type !== 'start')).toMatchObject([
      { type: 'retry', kind: 'model', name: 'scripted', backend: 'scripted', attempt: 1, delay: 250, error },
      { type: 'retry', kind: 'model', name: 'scripted', backend: 'scripted', attempt: 2, delay: 500, error },
      { type: 'token', kind: 'model', attempt: 3 },
      { type: 'finish', kind: 'model', attempt: 3 },
      { type: 'complete', kind: 'model' },
      { type: 'complete', kind: 'run' },
    ]);
  });

  it('keeps what else its backend can do', () => {
    const facts = of({ context: 8 });
    const backend = {
      ...scripted('yes'),
      location: 'cloud',
      unenforced: () => ['pattern'],
      facts: () => facts,
    } as const;
    const patient = withRetry(backend);
    expect(patient).toMatchObject({ id: 'scripted', location: 'cloud' });
    expect(patient.unenforced?.({})).toEqual(['pattern']);
    expect(patient.facts?.()).toBe(facts);
    expect(patient.preload).toBeUndefined();
  });

  it.each([
    [() => withRetry('model' as never), 'Expected the backend of withRetry to be an object with an `infer` method'],
    [
      () => withRetry(failing(0), { attempts: 0 }),
      'Expected `attempts` to be a whole number of at least 1, received 0',
    ],
    [() => withRetry(failing(0), { minDelay: -1 }), 'Expected `minDelay` to be a number of at least 0, received -1'],
    [() => withRetry(failing(0), { maxDelay: 9 }), 'Expected `maxDelay` to be a number of at least 500, received 9'],
    [() => withRetry(failing(0), { deadline: Number.NaN }), 'Expected `deadline` to be a number'],
    [() => withRetry(failing(0), { budget: {} as never }), 'Expected `budget` to be a RetryBudget, received an object'],
    [() => withRetry(failing(0), { random: 4 as never }), 'Expected `random` to be a function, received 4'],
    [() => withRetry(failing(0), { retries: 4 } as never), 'received `retries`'],
  ])('refuses misuse when it is made (%#)', (make, message) => {
    expect(make).toThrow(message);
  });
});
