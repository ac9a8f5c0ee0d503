import { concatMap, type MonoTypeOperatorFunction } from 'rxjs';
import type { InferenceEvent } from '../../runtime/inference-event.ts';
import type { Message } from '../../runtime/message.ts';

/**
 * Makes an answer of its beginning, which the reader has seen, and of what another model adds to that. Where that model
 * takes back what it has added, the reader is shown the beginning again.
 *
 * @param messages The conversation that is answered.
 */
export const goOnFrom = (text: string, messages: readonly Message[]): MonoTypeOperatorFunction<InferenceEvent> =>
  concatMap((event): readonly InferenceEvent[] => {
    if (event.type === 'retract') return [event, { ...event, type: 'token', attempt: event.attempt + 1, text }];
    if (event.type !== 'finish') return [event];
    const answer = event.messages.at(-1) as Message;
    return [{ ...event, messages: [...messages, { ...answer, content: text + answer.content }] }];
  });
