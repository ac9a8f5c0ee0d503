import { type Backend, inferText, type Rejection, step, type Verdict, verify } from 'millrace';
import { type MonoTypeOperatorFunction, map, type Observable, type OperatorFunction } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';

declare const small: Backend;
declare const draft$: Observable<{ readonly body: string }>;
declare const word$: Observable<string>;
declare const judge: OperatorFunction<string, Verdict>;

describe('verify', () => {
  it('gives what it takes, with no annotation', () => {
    const checked = draft$.pipe(
      verify(map((draft) => draft.body !== '')),
      map((draft) => draft),
    );
    expectTypeOf(checked).toEqualTypeOf<Observable<{ readonly body: string }>>();
    expectTypeOf(verify(judge)).toEqualTypeOf<MonoTypeOperatorFunction<string>>();
  });

  it('takes a boolean or a verdict', () => {
    word$.pipe(verify(map((word) => word.length > 3)));
    word$.pipe(verify(map((word) => ({ accepted: word.length > 3, reason: 'too short' }))));
    word$.pipe(verify(map((word) => (word === '' ? { accepted: false, reason: 'empty' } : { accepted: true }))));
    word$.pipe(verify(step('judge', judge)));
    // @ts-expect-error a number is no verdict
    word$.pipe(verify(map((word) => word.length)));
    // @ts-expect-error a verdict says whether the value is accepted
    word$.pipe(verify(map(() => ({ reason: 'too short' }))));
  });

  it('shows the repair the value and the reason', () => {
    const repaired = word$.pipe(
      verify(judge, {
        repair: inferText(small, (rejection) => {
          expectTypeOf(rejection).toEqualTypeOf<{
            readonly value: string;
            readonly reason: string;
            readonly attempt: number;
          }>();
          return `${rejection.value}: ${rejection.reason}`;
        }),
      }),
    );
    expectTypeOf(repaired).toEqualTypeOf<Observable<string>>();
  });

  it('does not compile where the repair gives another type', () => {
    const length = map((rejection: Rejection<string>) => rejection.value.length);
    // @ts-expect-error a length is no word
    word$.pipe(verify(judge, { repair: length }));
  });
});
