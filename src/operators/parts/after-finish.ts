import { EMPTY, Observable } from 'rxjs';
import { endOf } from '../../runtime/flow/end-of.ts';
import type { FinishEvent, InferenceEvent } from '../../runtime/inference-event.ts';
import { andThen } from './and-then.ts';

/** Passes an answer on without its finish, and goes on with what `next` makes of that once the answer has ended. */
export const afterFinish = (
  answer: Observable<InferenceEvent>,
  next: (finish: FinishEvent) => Observable<InferenceEvent>,
): Observable<InferenceEvent> =>
  new Observable((subscriber) => {
    let finish: FinishEvent | undefined;
    const answered = endOf(answer, {
      next: (event) => {
        if (event.type === 'finish') finish = event;
        else subscriber.next(event);
      },
    });
    andThen<InferenceEvent>(answered, () => (finish ? next(finish) : EMPTY)).subscribe(subscriber);
  });
