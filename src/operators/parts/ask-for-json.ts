import { concatMap, filter, map, type Observable, of, takeLast, tap } from 'rxjs';
import type { Constraint, FinishEvent, InferenceEvent } from '../../runtime/inference-event.ts';
import type { Message } from '../../runtime/message.ts';
import { nextRequestId } from '../../runtime/next-request-id.ts';
import type { Validation } from '../../runtime/schema/validation.ts';
import { SchemaError, type SchemaIssue } from '../../runtime/schema-error.ts';
import { schemaPrompt } from '../../runtime/schema-prompt.ts';
import { TruncatedError } from '../../runtime/truncated-error.ts';
import { AnswerText } from './answer-text.ts';
import type { JsonQuestion } from './json-question.ts';
import { parseAnswer } from './parse-answer.ts';
import { sumFinishes } from './sum-finishes.ts';
import { withinDeadline } from './within-deadline.ts';
import { withinTimeouts } from './within-timeouts.ts';

/**
 * Asks a question until its answer matches the schema, and gives the value.
 *
 * All attempts are reported as one request: a `retract` stands between them, and the one `finish` at the end counts the
 * tokens and the time of all.
 */
export const askForJson = <T>(
  { backend, schema, fields, timeouts, repairs }: JsonQuestion<T>,
  messages: readonly Message[],
  report: (event: InferenceEvent) => void,
): Observable<T> => {
  const request = { ...fields, schema: schema.json, id: nextRequestId() };
  const answer = new AnswerText();
  const tell = (event: InferenceEvent) => {
    answer.take(event);
    report(event);
  };

  const attempt = (asked: readonly Message[], before: readonly FinishEvent[]): Observable<T> => {
    const begun = before.at(-1)?.attempt ?? 0;
    return backend.infer({ ...request, messages: asked }).pipe(
      withinTimeouts(timeouts),
      map((event) => ({ ...event, attempt: begun + event.attempt })),
      tap((event) => {
        if (event.type !== 'finish') tell(event);
      }),
      filter((event) => event.type === 'finish'),
      // The backend is done with one attempt before the next begins.
      takeLast(1),
      concatMap((finish) => check(finish).pipe(concatMap((found) => conclude(found, [...before, finish])))),
    );
  };

  const check = (finish: FinishEvent): Observable<Validation<T>> => {
    const parsed = parseAnswer(textOf(finish), { search: finish.constraint !== 'enforced' });
    if ('problem' in parsed) return of(objection(parsed.problem));
    // A number does not show where it ends.
    const cut = finish.reason === 'length' && typeof parsed.value === 'number';
    return cut ? of(objection('is cut off')) : schema.validate(parsed.value);
  };

  const conclude = (found: Validation<T>, finishes: readonly FinishEvent[]): Observable<T> => {
    const last = finishes.at(-1) as FinishEvent;
    const end = (constraint: Constraint) => tell({ ...sumFinishes(finishes), constraint });
    if (found.valid) {
      end(finishes.length > 1 ? 'repaired' : last.constraint === 'enforced' ? 'enforced' : 'validated');
      return of(found.value);
    }
    if (last.reason !== 'length' && finishes.length <= repairs) {
      tell({ type: 'retract', request: last.request, attempt: last.attempt });
      return attempt([...last.messages, { role: 'user', content: complaint(found.issues) }], finishes);
    }
    end('none');
    const text = textOf(last);
    throw last.reason === 'length' ? new TruncatedError(text, last.usage.output) : new SchemaError(text, found.issues);
  };

  const asked = backend.unenforced ? messages : schemaPrompt(messages, schema.json);
  return attempt(asked, []).pipe(withinDeadline(timeouts.deadline, answer));
};

const objection = (message: string) => ({ valid: false, issues: [{ path: '', message }] }) as const;

const textOf = ({ messages }: FinishEvent): string => messages.at(-1)?.content ?? '';

const complaint = (issues: readonly SchemaIssue[]): string => {
  const findings = issues.map(({ path, message }) => `- ${path || 'the answer'} ${message}`);
  return `This does not match the JSON Schema:\n${findings.join('\n')}\nAnswer with the corrected JSON, and with nothing else.`;
};
