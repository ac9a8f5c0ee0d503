import { type Observable, of, tap } from 'rxjs';
import type { Backend } from '../../runtime/backend.ts';
import { redeliver } from '../../runtime/flow/redeliver.ts';
import type { FinishEvent, InferenceEvent } from '../../runtime/inference-event.ts';
import type { Message } from '../../runtime/message.ts';
import type { ToolCall } from '../../runtime/tool-call.ts';
import { ToolRoundsError } from '../../runtime/tool-rounds-error.ts';
import { afterFinish } from './after-finish.ts';
import { afterFirst } from './after-first.ts';
import { andThen } from './and-then.ts';
import { askModel } from './ask-model.ts';
import { type CheckedCall, checkCalls } from './check-calls.ts';
import type { ToolLoop } from './check-tool-loop.ts';
import { runCalls } from './run-calls.ts';
import { sumFinishes } from './sum-finishes.ts';
import type { Tool } from './tool.ts';
import { withinDeadline } from './within-deadline.ts';

/** Asks, and asks again with the results of the calls, until an answer calls no tool. */
export const toolRounds = (
  backend: Backend,
  tools: readonly Tool[],
  { requests, timeouts, maxRounds, repairs, ...settings }: Omit<ToolLoop, 'toPrompt'>,
): ((messages: readonly Message[]) => Observable<InferenceEvent>) => {
  const [first, further] = requests;

  const round = (
    messages: readonly Message[],
    before: readonly FinishEvent[],
    mended: number,
  ): Observable<InferenceEvent> =>
    afterFinish(
      askModel(backend, before.length === 0 ? first : further, timeouts, () => messages),
      (finish) => {
        const finishes = [...before, finish];
        const calls = callsOf(finish);
        if (calls.length === 0) return of(sumFinishes(finishes)).pipe(redeliver());
        const checks = checkCalls(calls, tools, { ...settings, conversation: messages, mayMend: mended < repairs });
        return afterFirst(checks, (checked = []) => {
          const wrong = checked.some(({ complaint }) => complaint !== undefined);
          return results(checked, finish, (soFar) => {
            if (finishes.length >= maxRounds) throw new ToolRoundsError(soFar, maxRounds);
            return round(soFar, finishes, mended + (wrong ? 1 : 0));
          });
        });
      },
    );

  const results = (
    checked: readonly CheckedCall[],
    finish: FinishEvent,
    next: (soFar: readonly Message[]) => Observable<InferenceEvent>,
  ): Observable<InferenceEvent> => {
    const soFar = [...finish.messages];
    const told = runCalls(checked, finish, settings).pipe(
      tap(({ call, output }) => {
        soFar.push({ role: 'tool', content: output, toolCallId: call.id });
      }),
      redeliver(),
    );
    return andThen<InferenceEvent>(told, () => next(soFar));
  };

  return (messages) => round(messages, [], 0).pipe(withinDeadline(timeouts.deadline));
};

const callsOf = ({ messages }: FinishEvent): readonly ToolCall[] => {
  const answer = messages.at(-1);
  return (answer?.role === 'assistant' && answer.toolCalls) || [];
};
