import { defer, type Observable, tap } from 'rxjs';
import type { Backend } from '../../runtime/backend.ts';
import { asStep } from '../../runtime/frames/as-step.ts';
import type { InferenceEvent } from '../../runtime/inference-event.ts';
import { nextRequestId } from '../../runtime/next-request-id.ts';
import type { Prompt } from '../../runtime/prompt.ts';
import type { RequestFields } from '../../runtime/request-fields.ts';
import type { Timeouts } from '../../runtime/timeouts.ts';
import { toMessages } from '../../runtime/to-messages.ts';
import { withinTimeouts } from './within-timeouts.ts';

/** Makes one request to a model, as a step of the current run. */
export const askModel = (
  backend: Backend,
  fields: RequestFields,
  timeouts: Timeouts,
  toPrompt: () => Prompt,
): Observable<InferenceEvent> =>
  asStep('model', backend.id, (frame) => {
    const answer = defer(() =>
      backend
        .infer({ id: nextRequestId(), messages: toMessages(toPrompt()), ...fields })
        .pipe(withinTimeouts(timeouts)),
    );
    return frame ? answer.pipe(tap((event) => frame.report(event))) : answer;
  });
