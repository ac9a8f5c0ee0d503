import {
  admit,
  type Backend,
  BackendError,
  callTools,
  fallback,
  hold,
  infer,
  inferJson,
  mergeFanOut,
  prefer,
  route,
  step,
  tool,
  verify,
  withBulkhead,
  withCircuitBreaker,
  withFallback,
  withRetry,
} from 'millrace';
import { scripted } from 'millrace/testing';
import { concatMap, map, Observable, type OperatorFunction, of, pipe, type Subscription, tap, throwError } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { waysToLeave } from './support/ways-to-leave.ts';

/** What somebody who never ends sees of a place: who is in it, and who has come. */
class Watch {
  inside = 0;
  came = 0;

  /** Something that never ends by itself. */
  readonly stay = <T>(before: readonly T[] = []): Observable<T> =>
    new Observable<T>((subscriber) => {
      this.came++;
      this.inside++;
      for (const value of before) subscriber.next(value);
      return () => this.inside--;
    });

  /** Something that fails at once. */
  readonly fail = (): Observable<never> =>
    throwError(() => {
      this.came++;
      return new BackendError('busy', { backend: 'busy', retryable: true });
    });

  /** A model that never answers. */
  readonly stuck = (): Backend => scripted(() => this.stay<string>(), { id: 'stuck' });

  /** A model that fails. */
  readonly busy = (): Backend => scripted(() => this.fail(), { id: 'busy' });
}

type Place = {
  readonly workflow: OperatorFunction<string, unknown>;
  /** How many are inside once it is reached; 1 unless it says otherwise. */
  readonly inside?: number;
  /** How many have come until then; 1 unless it says otherwise. */
  readonly came?: number;
  readonly after?: () => void;
};

const calls = scripted([{ type: 'tool-call', call: { id: 'c', name: 'wait', arguments: {} } }]);
const named = (watch: Watch) => tool({ name: 'wait', parameters: { type: 'object' }, execute: () => watch.stay() });
const patient = { minDelay: 60_000, maxDelay: 600_000, random: () => 1 };

/** One of these stands before the reader. The others run beside it, and never end either. */
const occupied = (watch: Watch, workflow: OperatorFunction<string, unknown>): Subscription => {
  const reading = of('before').pipe(workflow).subscribe();
  expect(watch.inside).toBe(1);
  return reading;
};

const places: { readonly [name: string]: (watch: Watch) => Place } = {
  'a model before its answer': (watch) => ({ workflow: infer(watch.stuck()) }),
  'a model in its answer': (watch) => ({ workflow: infer(scripted(() => watch.stay(['a', 'b']))) }),
  'a model that its reader holds': (watch) => ({
    workflow: pipe(
      infer(scripted(() => watch.stay(['a', 'b']))),
      tap(() => hold()),
    ),
  }),
  'a model under all time-outs': (watch) => ({
    workflow: step('outer', infer(watch.stuck(), { deadline: 9e6, firstTokenTimeout: 9e6, idleTimeout: 9e6 }), {
      deadline: 9e6,
    }),
  }),
  'a model of inferJson': (watch) => ({ workflow: inferJson(watch.stuck(), { type: 'string' }) }),
  'a repair of inferJson': (watch) => ({
    workflow: inferJson(
      scripted((_, index) => (index === 0 ? 'no number' : watch.stay<string>())),
      { type: 'number' },
    ),
  }),
  'steps within steps': (watch) => ({ workflow: step('outer', step('inner', infer(watch.stuck()))) }),
  'the choice of route': (watch) => ({ workflow: route(() => watch.stay<'a'>(), { a: map(String) }) }),
  'a branch of route': (watch) => ({
    workflow: route(
      map(() => 'a' as const),
      { a: infer(watch.stuck()) },
    ),
  }),
  'all branches of mergeFanOut': (watch) => ({
    workflow: mergeFanOut({ a: infer(watch.stuck()), b: infer(watch.stuck()) }),
    inside: 2,
    came: 2,
  }),
  'all live branches of mergeFanOut': (watch) => ({
    workflow: mergeFanOut({ a: infer(watch.stuck()), b: infer(watch.stuck()) }, { emit: 'each' }),
    inside: 2,
    came: 2,
  }),
  'the check of verify': (watch) => ({ workflow: verify(concatMap(() => watch.stay<boolean>())) }),
  'the repair of verify': (watch) => ({
    workflow: verify<string>(
      map(() => false),
      { repair: concatMap(() => watch.stay<string>()) },
    ),
  }),
  'a tool': (watch) => ({ workflow: callTools(calls, [named(watch)]) }),
  'the round behind a tool': (watch) => {
    const model = scripted((request, index) =>
      index === 0
        ? [{ type: 'tool-call', call: { id: request.id, name: 'now', arguments: {} } }]
        : watch.stay<string>(),
    );
    return {
      workflow: callTools(model, [tool({ name: 'now', parameters: { type: 'object' }, execute: () => 'now' })]),
    };
  },
  'the second workflow of fallback': (watch) => ({
    workflow: fallback(infer<string>(watch.busy()), infer<string>(watch.stuck())),
    came: 2,
  }),
  'the second model of withFallback': (watch) => ({
    workflow: infer(withFallback(watch.busy(), watch.stuck())),
    came: 2,
  }),
  'the pause before a retry': (watch) => ({ workflow: infer(withRetry(watch.busy(), patient)), inside: 0 }),
  'a second attempt': (watch) => {
    const model = scripted((_, index) => (index === 0 ? watch.fail() : watch.stay<string>()));
    const workflow = infer(withRetry(model, { minDelay: 1, random: () => 0 }));
    return { workflow, came: 2 };
  },
  'a model behind a circuit breaker': (watch) => ({ workflow: infer(withCircuitBreaker(watch.stuck())) }),
  'the line before a bulkhead': (watch) => {
    const model = withBulkhead(watch.stuck(), { concurrency: 1, capacity: 5 });
    const before = occupied(watch, infer(model));
    return { workflow: infer(model), after: () => before.unsubscribe() };
  },
  'the waiting room of admit': (watch) => {
    const admitted = admit(infer<string>(watch.stuck()), { concurrency: 1, capacity: 5 });
    const before = occupied(watch, admitted);
    return { workflow: admitted, after: () => before.unsubscribe() };
  },
  'both models of a hedged request': (watch) => {
    const stuck = (location: 'device' | 'cloud') => scripted(() => watch.stay<string>(), { id: location, location });
    const [local, cloud] = [stuck('device'), stuck('cloud')];
    return { workflow: infer(prefer(local, cloud, { policy: 'fastest', hedgeAfter: 0 })), inside: 2, came: 2 };
  },
};

/** Lets promises and short timers have their way. */
const settle = async (milliseconds = 5): Promise<void> => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  await vi.advanceTimersByTimeAsync(milliseconds);
};

describe.each(Object.entries(places))('leaving %s', (_, place) => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each(Object.entries(waysToLeave))('by %s reaches it at once, and nothing runs afterwards', async (_, way) => {
    const watch = new Watch();
    const { workflow, inside = 1, came = 1, after } = place(watch);
    const leave = way(workflow);
    await settle();
    expect(watch.inside).toBe(inside);
    expect(watch.came).toBe(came);

    const others = after ? 1 : 0;
    const left = leave();
    if (left === undefined) expect(watch.inside).toBe(others);
    await left;
    await settle(0);
    expect(watch.inside).toBe(others);
    after?.();
    await settle(9e6);
    expect(watch.inside).toBe(0);
    expect(watch.came).toBe(came);
    expect(vi.getTimerCount()).toBe(0);
  });
});
