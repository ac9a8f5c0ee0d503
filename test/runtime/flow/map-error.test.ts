import { concatWith, finalize, of, Subject, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { mapError } from '../../../src/runtime/flow/map-error.ts';
import { obeysOperatorLaws } from '../../support/operator-laws.ts';
import { outcome } from '../../support/outcome.ts';

describe('mapError', () => {
  obeysOperatorLaws(() => mapError<number>((error) => error));

  it('changes the error, and nothing else', () => {
    const failing = of(1, 2).pipe(concatWith(throwError(() => 'broken')));
    expect(outcome(failing.pipe(mapError((error) => `${error}, as expected`)))).toEqual({
      values: [1, 2],
      error: 'broken, as expected',
    });
  });

  it('has left the source when it fails', () => {
    const seen: string[] = [];
    const failing = new Subject<never>();
    failing
      .pipe(
        finalize(() => seen.push('the source ends')),
        mapError((error) => error),
      )
      .subscribe({ error: (error) => seen.push(error) });
    failing.error('broken');
    expect(seen).toEqual(['the source ends', 'broken']);
  });
});
