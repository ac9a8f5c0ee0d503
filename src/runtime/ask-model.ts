import { defer, type Observable, tap } from 'rxjs';
import { asStep } from './as-step.ts';
import type { Backend } from './backend.ts';
import type { InferOptions } from './infer-options.ts';
import type { InferenceEvent } from './inference-event.ts';
import { nextRequestId } from './next-request-id.ts';
import type { Prompt } from './prompt.ts';
import { toMessages } from './to-messages.ts';

/** Makes one request to a model, as a step of the current run. */
export const askModel = (
  backend: Backend,
  fields: Omit<InferOptions, 'concurrency'>,
  toPrompt: () => Prompt,
): Observable<InferenceEvent> =>
  asStep('model', backend.id, (frame) => {
    const answer = defer(() => backend.infer({ id: nextRequestId(), messages: toMessages(toPrompt()), ...fields }));
    return frame ? answer.pipe(tap((event) => frame.report(event))) : answer;
  });
