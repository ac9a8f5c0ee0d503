import { defer, identity, type MonoTypeOperatorFunction, tap } from 'rxjs';
import { alarmed } from '../../runtime/flow/alarmed.ts';
import { AnswerText } from './answer-text.ts';
import { overdue } from './overdue.ts';

/**
 * Fails a stream that has not ended so many milliseconds after its start.
 *
 * @param seen The answer so far, where it does not come through here.
 */
export const withinDeadline = <T>(deadline: number | undefined, seen?: AnswerText): MonoTypeOperatorFunction<T> => {
  if (deadline === undefined) return identity;
  return (source) =>
    defer(() => {
      const answer = seen ?? new AnswerText();
      const late = overdue('deadline', deadline, () => answer.text);
      return (seen ? source : source.pipe(tap((value) => answer.take(value)))).pipe(alarmed<T>(late));
    });
};
