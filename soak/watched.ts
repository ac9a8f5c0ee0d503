import { isDeepStrictEqual } from 'node:util';
import { type Backend, BackendError, type FinishEvent, type InferenceEvent, type InferenceRequest } from 'millrace';
import { defer, Observable, tap } from 'rxjs';
import { Chance } from './chance.ts';
import type { Ledger, Visit } from './ledger.ts';
import { writeScript } from './script.ts';

/** Whose request it is: prompts carry the number of their workflow. */
const ownerOf = ({ messages }: InferenceRequest): number =>
  Number(/#(\d+)#/.exec(messages.map(({ content }) => content).join(' '))?.[1]);

/** A backend whose every request is in the ledger, and has to end as its script says. */
export const watched = (ledger: Ledger, backend: Backend, hasty = false): Backend => ({
  ...backend,
  infer: (request) =>
    defer(() => {
      const work = ledger.works.get(ownerOf(request));
      if (work === undefined) {
        ledger.problems.push(`workflow ${ownerOf(request)}, long over, asks ${backend.id}`);
        return [];
      }
      if (work.over) work.complain(`asks ${backend.id} after its end`);
      const number = ledger.nextNumber();
      const chance = new Chance(ledger.seed, work.number, ++work.asked);
      const script = writeScript(number, request, chance);
      const visit: Visit = {
        work,
        script,
        prefix: request.prefix ?? '',
        chance,
        ill: work.ill,
        outcome: undefined,
      };
      ledger.visits.set(number, visit);
      work.visits.add(visit);
      let text = '';
      let finished = false;
      const complain = (problem: string) =>
        work.complain(`request ${number} of ${backend.id} (${JSON.stringify(visit.outcome)}): ${problem}`);
      const answer = backend.infer({ ...request, seed: number }).pipe(
        tap({
          next: (event) => {
            if (work.over) complain(`gives ${event.type} after the end`);
            if (finished) complain(`gives ${event.type} behind its finish`);
            if (event.type === 'token') text += event.text;
            if (event.type === 'retract' || event.type === 'tool-result') complain(`gives ${event.type}`);
            if (event.type !== 'finish') return;
            finished = true;
            for (const problem of objections(visit, event, text)) complain(problem);
            work.answers.add(visit.prefix + text);
          },
          error: (error) => {
            const problem = objection(visit, error, hasty);
            if (problem) complain(problem);
          },
          complete: () => {
            if (!finished) complain('completes without a finish');
          },
        }),
      );
      return new Observable<InferenceEvent>((subscriber) => {
        // Before the model runs: who leaves one that is synchronous has left it at once.
        subscriber.add(() => work.visits.delete(visit));
        answer.subscribe(subscriber);
      });
    }),
});

const objections = ({ script, outcome }: Visit, { messages, served, reason }: FinishEvent, text: string): string[] => {
  const found: string[] = [];
  const answer = messages.at(-1);
  const said = script.words.join('');
  const calls = (answer?.role === 'assistant' && answer.toolCalls) || [];
  if (outcome !== 'well' && outcome !== 'perhaps') found.push('finishes');
  if (text !== answer?.content) found.push(`shows ${text}, and finishes with ${answer?.content}`);
  if (text !== said) found.push(`shows ${text} where ${said} was said`);
  if (served.model !== `model-${script.number}`) found.push(`is served by ${served.model}`);
  if (
    !isDeepStrictEqual(
      calls.map((call) => [call.name, call.arguments]),
      script.calls.map((call) => [call.name, call.arguments]),
    )
  )
    found.push(`calls ${JSON.stringify(calls)} where it was ${JSON.stringify(script.calls)}`);
  if ((reason === 'length') !== script.cut) found.push(`ends for ${reason}`);
  return found;
};

const objection = ({ outcome }: Visit, error: unknown, hasty: boolean): string | undefined => {
  if (!(error instanceof BackendError)) return `fails with ${error}`;
  const { retryable, status, message } = error;
  if (hasty && retryable && /timed out/i.test(message)) return undefined;
  const expected = outcome === 'perhaps' ? { retryable: true } : typeof outcome === 'object' ? outcome : undefined;
  if (expected?.retryable === retryable && status === (expected as { readonly status?: number }).status)
    return undefined;
  return `fails with ${message}, retryable ${retryable}, status ${status}`;
};
