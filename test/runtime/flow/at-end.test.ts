import { concat, type Observable, of, tap } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { atEnd } from '../../../src/runtime/flow/at-end.ts';
import { obeysOperatorLaws } from '../../support/operator-laws.ts';
import { outcome } from '../../support/outcome.ts';

describe('atEnd', () => {
  obeysOperatorLaws(() => atEnd<number>(tap()));

  it('passes values beside the operator, in their order with what that gives', () => {
    const seen: unknown[] = [];
    const add = (end: Observable<number>) => concat(end.pipe(tap((value) => seen.push(value))), of(3));
    expect(outcome(of(1, 2).pipe(atEnd(add)))).toEqual({ values: [1, 2, 3] });
    expect(seen).toEqual([]);
  });
});
