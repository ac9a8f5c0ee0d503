import { type InferenceEvent, infer, text } from 'millrace';
import { marbles, type ScriptedReply, scripted } from 'millrace/testing';
import { of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { obeysOperatorLaws } from '../support/operator-laws.ts';
import { outcome } from '../support/outcome.ts';

/** The events of one answer. */
const answer = (reply: ScriptedReply) => outcome(of('?').pipe(infer(scripted(reply)))).values;

describe('text', () => {
  const finish = answer([])[0] as InferenceEvent;

  obeysOperatorLaws(text, () => finish);

  it(
    'gathers the tokens of each answer',
    marbles(({ hot, expectObservable }) => {
      const token = { type: 'token', request: 'same', attempt: 1 } as const;
      const [a, b, c] = [
        { ...token, text: 'a' },
        { ...token, text: 'b' },
        { ...token, text: 'c' },
      ];
      const f = { ...finish, request: 'same' };
      const source = hot<InferenceEvent>('-a-b-f-c-f|', { a, b, c, f });
      const expected = '                  -----x---y|';
      expectObservable(source.pipe(text())).toBe(expected, { x: 'ab', y: 'c' });
    }),
  );

  it('keeps answers that come at the same time apart', () => {
    const [a, b, f] = answer(['a', 'b']) as [InferenceEvent, InferenceEvent, InferenceEvent];
    const [c, g] = answer(['c']) as [InferenceEvent, InferenceEvent];
    expect(outcome(of(a, c, b, g, f).pipe(text()))).toEqual({ values: ['c', 'ab'] });
  });

  it('forgets what was retracted', () => {
    expect(outcome(of(...answer(['no', { type: 'retract' }, 'yes'])).pipe(text()))).toEqual({ values: ['yes'] });
  });
});
