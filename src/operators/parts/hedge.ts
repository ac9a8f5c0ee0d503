import {
  AsyncSubject,
  asyncScheduler,
  catchError,
  concatMap,
  defer,
  map,
  merge,
  NEVER,
  type Observable,
  race,
  take,
  tap,
  timer,
} from 'rxjs';
import { frameStorage } from '#frame-storage';
import type { Backend } from '../../runtime/backend.ts';
import { inFrame } from '../../runtime/frames/in-frame.ts';
import type { InferenceEvent } from '../../runtime/inference-event.ts';
import type { InferenceRequest } from '../../runtime/inference-request.ts';
import { reckonTokens } from './reckon-tokens.ts';
import { shiftTiming } from './shift-timing.ts';

/** A backend, and whether another may answer where it fails. */
export type Contender = { readonly backend: Backend; readonly when: (error: unknown) => boolean };

/** Two backends that are asked the same. */
export type Hedge = {
  readonly first: Contender;
  readonly second: Contender;
  /** Milliseconds without an event of the first after which the second is asked. */
  readonly after: number;
  /** Told at the first event who answers, and who may take over: the other, where that has not failed. */
  readonly settled: (winner: Contender, spare: Contender | undefined) => void;
};

/**
 * Asks a second backend where the first says nothing for a while, or fails. Who speaks first answers, and the other is
 * stopped before that goes out.
 */
export const hedge = (
  request: InferenceRequest,
  { first, second, after, settled }: Hedge,
): Observable<InferenceEvent> =>
  defer(() => {
    const [frame, start] = [frameStorage.getStore(), asyncScheduler.now()];
    const firstFailed = new AsyncSubject<void>();
    const failed = new Set<Contender>();
    let winner: Contender | undefined;

    const contend = (self: Contender, other: Contender, number: number): Observable<InferenceEvent> => {
      const { id } = self.backend;
      const began = asyncScheduler.now();
      const win = () => {
        if (winner !== undefined) return;
        winner = self;
        settled(self, failed.has(other) ? undefined : other);
      };
      const lose = () => {
        if (winner !== other) return;
        const usage = { input: reckonTokens(request), cached: 0, output: 0 };
        frame?.report({ type: 'lose', backend: id, elapsed: asyncScheduler.now() - began, usage });
      };
      const standBack = (error: unknown): Observable<never> => {
        failed.add(self);
        // The first was asked before the second, and goes on whatever becomes of that.
        const mayWait = self === second || self.when(error);
        if (winner === self || failed.has(other) || !mayWait) throw error;
        frame?.report({ type: 'attempt', backend: id, attempt: number, error });
        firstFailed.next();
        firstFailed.complete();
        return NEVER;
      };
      return defer(() => self.backend.infer(request)).pipe(
        tap({ next: win, unsubscribe: lose }),
        map((event) => (number === 1 ? event : { ...shiftTiming(event, began - start), attempt: event.attempt + 1 })),
        catchError(standBack),
      );
    };
    const late = merge(timer(after), firstFailed).pipe(
      take(1),
      concatMap(() => {
        frame?.report({ type: 'hedge', backend: second.backend.id, after: asyncScheduler.now() - start });
        return contend(second, first, 2).pipe(inFrame(frame));
      }),
    );
    return race(contend(first, second, 1), late);
  });
