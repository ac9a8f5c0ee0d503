import {
  asyncScheduler,
  concatMap,
  defer,
  EMPTY,
  identity,
  type MonoTypeOperatorFunction,
  NEVER,
  type Observable,
  repeat,
  tap,
  throwError,
  timer,
} from 'rxjs';
import { alarmed } from '../../runtime/flow/alarmed.ts';
import { redeliver } from '../../runtime/flow/redeliver.ts';
import type { InferenceEvent } from '../../runtime/inference-event.ts';
import { TimeoutError } from '../../runtime/timeout-error.ts';
import type { Timeouts } from '../../runtime/timeouts.ts';
import { AnswerText } from './answer-text.ts';

type Waits = Pick<Timeouts, 'firstTokenTimeout' | 'idleTimeout'>;

/** Fails an answer whose next event takes too long. While its reader holds one, no time passes. */
export const withinTimeouts = (waits: Waits): MonoTypeOperatorFunction<InferenceEvent> => {
  if (waits.firstTokenTimeout === undefined && waits.idleTimeout === undefined) return identity;
  return (source) =>
    defer(() => {
      const wait = new Wait(waits);
      return source.pipe(tap(wait.take), redeliver(wait.begin), alarmed(wait.alarm));
    });
};

/** The wait for one event after another. */
class Wait {
  readonly #waits: Waits;
  readonly #answer = new AnswerText();
  #begun = false;
  #since: number | undefined = asyncScheduler.now();

  constructor(waits: Waits) {
    this.#waits = waits;
  }

  /** An event has come. */
  readonly take = (event: InferenceEvent): void => {
    this.#begun = true;
    this.#since = undefined;
    this.#answer.take(event);
  };

  /** The reader has taken what there was. */
  readonly begin = (): void => {
    this.#since = asyncScheduler.now();
  };

  /** One timer for many events: it looks again when the last one could be too long ago. */
  readonly alarm: Observable<never> = defer(() => {
    const { limit, after } = this.#limit;
    // Without a limit for the first event, it looks whether the one for the others has begun.
    const sleep = after === undefined ? this.#waits.idleTimeout : Math.max(0, after - this.#passed);
    if (sleep === undefined || (this.#begun && after === undefined)) return NEVER;
    return timer(sleep).pipe(
      concatMap(() => {
        const late = after !== undefined && this.#limit.limit === limit && this.#passed >= after;
        return late ? throwError(() => new TimeoutError(limit, after, this.#answer.text)) : EMPTY;
      }),
    );
  }).pipe(repeat());

  get #limit() {
    const { firstTokenTimeout, idleTimeout } = this.#waits;
    return this.#begun
      ? ({ limit: 'idle', after: idleTimeout } as const)
      : ({ limit: 'first-token', after: firstTokenTimeout } as const);
  }

  get #passed(): number {
    return this.#since === undefined ? 0 : asyncScheduler.now() - this.#since;
  }
}
