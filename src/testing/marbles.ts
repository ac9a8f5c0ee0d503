import { deepStrictEqual } from 'node:assert/strict';
import { AsyncResource } from 'node:async_hooks';
import type { SchedulerAction, Subscription } from 'rxjs';
import { type RunHelpers, TestScheduler } from 'rxjs/testing';

/**
 * Makes a test that runs in virtual time: `delay`, `timeout` and `retry` take no time at all.
 *
 * @example
 * ```ts
 * it('joins the tokens', marbles(({ cold, expectObservable }) => {
 *   const model = scripted(cold('-a-b-|'));
 *   expectObservable(of('hi').pipe(inferText(model))).toBe('-----(x|)', { x: 'ab' });
 * }));
 * ```
 *
 * @param test The body. It gets RxJS's helpers: `cold`, `hot`, `time`, `expectObservable`, `expectSubscriptions`, ….
 * @param assertDeepEqual Compares frames and throws where they differ. Defaults to `assert.deepStrictEqual` of Node.
 * @returns A function without arguments for the test runner of your choice.
 */
export const marbles =
  (
    test: (helpers: RunHelpers) => void,
    assertDeepEqual: (actual: unknown, expected: unknown) => void = (actual, expected) =>
      deepStrictEqual(actual, expected),
  ): (() => void) =>
  () =>
    new VirtualTime(assertDeepEqual).run(test);

/** Its timers keep the frame of whoever sets them, as the timers of Node do. */
class VirtualTime extends TestScheduler {
  override schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay?: number, state?: T): Subscription {
    return super.schedule(AsyncResource.bind<typeof work, SchedulerAction<T>>(work), delay, state);
  }
}
