import { defer, EMPTY, type Observable } from 'rxjs';
import type { FinishEvent, InferenceEvent } from '../../runtime/inference-event.ts';
import { andThen } from './and-then.ts';

/** Passes an answer on without its finish, and goes on with what `next` makes of that once the answer has ended. */
export const afterFinish = (
  answer: Observable<InferenceEvent>,
  next: (finish: FinishEvent) => Observable<InferenceEvent>,
): Observable<InferenceEvent> =>
  defer(() => {
    let finish: FinishEvent | undefined;
    const passes = (event: InferenceEvent) => {
      if (event.type === 'finish') finish = event;
      return event.type !== 'finish';
    };
    return andThen(answer, () => (finish ? next(finish) : EMPTY), passes);
  });
