import { asyncScheduler, catchError, defer, from, identity, type Observable, tap } from 'rxjs';
import { frameStorage } from '#frame-storage';
import { redeliver } from '../../runtime/flow/redeliver.ts';
import { crossFrames } from '../../runtime/frames/cross-frames.ts';
import { isInferenceEvent } from '../../runtime/is-inference-event.ts';
import { PartialError } from '../../runtime/partial-error.ts';
import { andThen } from './and-then.ts';
import { asAttempt, type Before } from './as-attempt.ts';
import type { FallbackSettings } from './check-fallback.ts';
import { holdBack } from './hold-back.ts';
import { Shown } from './shown.ts';

/** Two attempts at the same. */
export type Attempts<T> = {
  readonly first: Observable<T>;
  /** Starts over. */
  readonly second: () => Observable<T>;
  /** Goes on from the text that stands, of which `spent` tokens were written, where that can be done. */
  readonly resume?: (text: string, spent: number) => Observable<T> | undefined;
  /** The backend that makes the first attempt, where it is one. */
  readonly backend?: string;
};

/** Makes the first attempt, and the second one where that fails, so that the reader has one answer in the end. */
export const takeOver = <T>(
  { first, second, resume, backend }: Attempts<T>,
  { when, onPartial, tokens }: FallbackSettings,
): Observable<T> => {
  const held = onPartial === 'hold';

  const attempts = defer(() => {
    const frame = frameStorage.getStore();
    const begun = asyncScheduler.now();
    const shown = new Shown();
    let spent = 0;

    const goOn = (error: unknown): Observable<T> => {
      if (!when(error)) throw error;
      if (!shown.nothing && (shown.final || onPartial === 'fail')) throw new PartialError(shown.text, error);
      frame?.report({ type: 'attempt', ...(backend !== undefined && { backend }), attempt: shown.attempt, error });
      const next = proceed();
      return frame ? next.pipe(crossFrames(frame, frame)) : next;
    };

    const proceed = (): Observable<T> => {
      const failed = shown.attempt;
      const before: Before = { failed, void: failed, spent, elapsed: asyncScheduler.now() - begun };
      const { text, called, since } = shown;
      const resumed = onPartial === 'continue' && text !== '' && !called ? resume?.(text, spent) : undefined;
      if (resumed && since !== undefined) {
        return resumed.pipe(asAttempt({ ...before, void: failed - 1, firstToken: since - begun }));
      }
      // The second attempt begins once its reader has taken that the first one is void.
      const retracts = from(shown.retracts as T[]).pipe(redeliver());
      return andThen(retracts, () => second().pipe(asAttempt(before)));
    };

    return first.pipe(
      tap((value) => {
        if (isInferenceEvent(value) && (value.type === 'token' || value.type === 'reasoning')) spent++;
      }),
      held ? holdBack(tokens) : identity,
      asAttempt({ failed: 0, void: 0, spent: 0, elapsed: 0 }),
      catchError(goOn),
      tap((value) => shown.see(value)),
      catchError((error) => {
        // One from within tells of what was shown there.
        throw error instanceof PartialError && error.text !== shown.text ? new PartialError(shown.text, error) : error;
      }),
    );
  });
  return held ? attempts.pipe(redeliver()) : attempts;
};
