import { type Backend, infer, RetryBudget, withRetry } from 'millrace';
import { marbles, scripted } from 'millrace/testing';
import { of, range, throwError, timer } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { failure } from '../../support/failure.ts';

/** Does things at their times, in virtual time. */
const at = (...deeds: readonly (readonly [time: number, deed: () => void])[]) =>
  marbles(() => {
    for (const [time, deed] of deeds) timer(time).subscribe(deed);
  });

const times = (count: number, deed: () => void) => range(count).subscribe(deed);

describe('RetryBudget', () => {
  it('allows one retry for so many requests', () => {
    const budget = new RetryBudget({ share: 0.2, perSecond: 0 });
    expect(budget.retry()).toBe(false);
    times(5, () => budget.request());
    expect([budget.retry(), budget.retry()]).toEqual([true, false]);
  });

  it('allows some a second however few requests there are', () => {
    const budget = new RetryBudget({ share: 0, perSecond: 0.5, window: 4000 });
    expect([budget.balance, budget.retry(), budget.retry(), budget.retry()]).toEqual([2, true, true, false]);
  });

  it(
    'forgets requests and retries after its window',
    at(
      ...((budget: RetryBudget) =>
        [
          [0, () => times(10, () => budget.request())],
          [500, () => expect([budget.retry(), budget.balance]).toEqual([true, 4])],
          [999, () => expect(budget.balance).toBe(4)],
          [1000, () => expect([budget.balance, budget.retry()]).toEqual([0, false])],
          [1400, () => times(4, () => budget.request())],
          [1499, () => expect(budget.balance).toBe(1)],
          [1500, () => expect(budget.balance).toBe(2)],
        ] as const)(new RetryBudget({ share: 0.5, perSecond: 0, window: 1000 })),
    ),
  );

  it('keeps a storm to its share, over all backends that share it', () => {
    const budget = new RetryBudget({ share: 0.1, perSecond: 0 });
    const models = [0, 1].map(() => scripted(() => throwError(() => failure())));
    const patient = models.map((model) => withRetry(model, { attempts: 9, budget }));
    const ask = (backend: Backend) =>
      of('?')
        .pipe(infer(backend))
        .subscribe({ error: () => {} });
    marbles(() => {
      for (let time = 0; time < 5000; time += 10) timer(time).subscribe(() => patient.forEach(ask));
    })();
    const asked = models.map(({ requests }) => requests.length);
    expect(asked.reduce((sum, count) => sum + count)).toBe(1100);
  });

  it.each([
    [() => new RetryBudget({ share: -1 }), 'Expected `share` to be a number of at least 0, received -1'],
    [() => new RetryBudget({ perSecond: '9' as never }), 'Expected `perSecond` to be a number of at least 0'],
    [() => new RetryBudget({ window: 0 }), 'Expected `window` to be a number of at least 1, received 0'],
    [() => new RetryBudget({ percent: 1 } as never), 'received `percent`'],
  ])('refuses misuse when it is made (%#)', (make, message) => {
    expect(make).toThrow(message);
  });
});
