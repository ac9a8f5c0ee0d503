import { type MonoTypeOperatorFunction, map } from 'rxjs';
import type { FinishEvent } from '../../runtime/inference-event.ts';
import { isInferenceEvent } from '../../runtime/is-inference-event.ts';

/** What came before an attempt. */
export type Before = {
  /** How many attempts failed. */
  readonly failed: number;
  /** Of these, how many were taken back: by so much `attempt` rises. */
  readonly void: number;
  /** Tokens that they wrote. */
  readonly spent: number;
  /** Milliseconds that they took. */
  readonly elapsed: number;
  /** Milliseconds until the first token that still stands. */
  readonly firstToken?: number;
};

/** Counts an attempt behind those before it: its events rise, and its finish tells the tokens and the time of all. */
export const asAttempt = <T>(before: Before): MonoTypeOperatorFunction<T> =>
  map((value) => {
    if (!isInferenceEvent(value)) return value;
    if (value.type === 'finish') return countIn(value, before) as T;
    return before.void === 0 ? value : { ...value, attempt: value.attempt + before.void };
  });

const countIn = (finish: FinishEvent, before: Before): FinishEvent => {
  const { attempt, usage, timing, served } = finish;
  const { failed, spent, elapsed, firstToken } = before;
  return {
    ...finish,
    attempt: attempt + before.void,
    usage: { ...usage, output: usage.output + spent },
    timing: { ...timing, firstToken: firstToken ?? elapsed + timing.firstToken, total: elapsed + timing.total },
    served: { ...served, attempt: failed + (served.attempt ?? 1) },
  };
};
