import { type MonoTypeOperatorFunction, type Observable, of, takeLast, throwError, throwIfEmpty } from 'rxjs';
import { frameStorage } from '#frame-storage';
import { redeliver } from '../runtime/flow/redeliver.ts';
import { VerificationError } from '../runtime/verification-error.ts';
import type { Workflow } from '../runtime/workflow.ts';
import { afterFirst } from './parts/after-first.ts';
import { checkVerify } from './parts/check-verify.ts';
import { inTurn } from './parts/in-turn.ts';
import { objectionOf } from './parts/objection-of.ts';
import type { Rejection } from './parts/rejection.ts';
import type { Verdict } from './parts/verdict.ts';

/** Settings of `verify`. */
export type VerifyOptions<T> = {
  /** Makes a better value of a rejected one. Its last value is checked next. */
  readonly repair?: Workflow<Rejection<T>, T>;
  /** How many checks a value and its repairs get in all. Defaults to `2` with a `repair`, else to `1`. */
  readonly attempts?: number;
};

/**
 * Lets a value pass once a check accepts it, and sends it back for repair until then.
 *
 * A second pair of eyes, and a red pen.
 *
 * ```text
 * source   -x---------y---|      x, y: drafts
 * verdicts  --n| --y| --y|       n: rejected, y: accepted
 * repair      --z|               z: x, repaired
 *          verify(verdicts, { repair })
 * result   --------z----y-|
 * ```
 *
 * The check is a workflow: a model that answers with a {@link Verdict}, or `map` to a boolean. Its first value counts,
 * and none is a rejection. Without a `repair`, more `attempts` check the same value again, which only helps where the
 * check itself can err. Values are taken one at a time.
 *
 * @example
 * ```ts
 * summary$.pipe(
 *   verify(inferJson(judge, verdictSchema, (summary) => `Is this true to the article?\n${summary}`), {
 *     repair: inferText(small, ({ value, reason }) => `Mend this summary.\n${value}\nWhat is wrong: ${reason}`),
 *     attempts: 3,
 *   }),
 * );
 * ```
 *
 * @param check Accepts or rejects a value, and says why.
 * @param options `repair` and `attempts`.
 * @returns The values that were accepted, repaired where need be.
 * @throws TypeError, RangeError when it is made with an option that is unknown or out of range.
 * @throws VerificationError when the last attempt is rejected, or a repair gives nothing: the last value, every reason.
 */
export const verify = <T>(
  check: Workflow<T, Verdict | boolean>,
  options: VerifyOptions<T> = {},
): MonoTypeOperatorFunction<T> => {
  const { repair, attempts } = checkVerify(check, options);

  const judge = (value: T, before: readonly string[]): Observable<T> =>
    afterFirst(of(value).pipe(check), (verdict) => {
      const reason = objectionOf(verdict);
      return reason === undefined ? of(value) : reject(value, [...before, reason]);
    });
  const reject = (value: T, reasons: readonly string[]): Observable<T> => {
    const [reason, attempt] = [reasons.at(-1) ?? '', reasons.length];
    frameStorage.getStore()?.report({ type: 'reject', reason, attempt });
    const failed = () => new VerificationError(value, reasons);
    if (attempt >= attempts) return throwError(failed);
    const rejected = of({ value, reason, attempt });
    const next = repair ? rejected.pipe(repair, takeLast(1), throwIfEmpty(failed)) : of(value);
    return afterFirst(next, (repaired) => judge(repaired as T, reasons));
  };
  return inTurn((value) => judge(value, []).pipe(redeliver()));
};
