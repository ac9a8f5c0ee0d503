import { getEventListeners } from 'node:events';
import { marbles } from 'millrace/testing';
import { EMPTY, of, take, throwError, timer } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { hold } from '../../../src/runtime/flow/hold.ts';
import { untilAborted } from '../../../src/runtime/flow/until-aborted.ts';
import { counted, turn } from '../../support/counted.ts';
import { obeysOperatorLaws } from '../../support/operator-laws.ts';

describe('untilAborted', () => {
  const { signal } = new AbortController();

  obeysOperatorLaws(() => untilAborted<number>(signal));

  it.each([
    ['ended', EMPTY],
    ['failed', throwError(() => 'broken')],
    ['been left', of(1, 2)],
  ])('keeps no listener of a stream that has %s', (_, source) => {
    const { signal } = new AbortController();
    source.pipe(untilAborted(signal), take(1)).subscribe({ error: () => undefined });
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it(
    'leaves the source, then fails with the reason of the signal',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('      -a-b-c-|');
      const subscription = '     ^---!';
      const leaving = new AbortController();
      timer(4).subscribe(() => leaving.abort('enough'));
      expectObservable(source.pipe(untilAborted(leaving.signal))).toBe('-a-b#', undefined, 'enough');
      expectSubscriptions(source.subscriptions).toBe(subscription);
    }),
  );

  it('lets its reader hold the source', async () => {
    const source = counted();
    const reading = source.numbers.pipe(untilAborted(signal)).subscribe(() => hold());
    await turn();
    expect(source.made).toBe(1);
    reading.unsubscribe();
  });
});
