import { inferText } from 'millrace';
import { marbles, scripted } from 'millrace/testing';
import { of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { obeysOperatorLaws } from '../support/operator-laws.ts';
import { outcome } from '../support/outcome.ts';

describe('inferText', () => {
  obeysOperatorLaws(
    () => inferText(scripted('one two')),
    (n) => `question ${n}`,
  );

  it(
    'gives each answer as one string',
    marbles(({ cold, hot, expectObservable }) => {
      const source = hot('  -x-----y--|');
      const x = cold('       -a-b-|');
      const y = cold('             -c-|');
      const expected = '    ------m---(n|)';
      const model = scripted(({ messages }) => (messages[0]?.content === 'x' ? x : y));
      expectObservable(source.pipe(inferText(model))).toBe(expected, { m: 'ab', n: 'c' });
    }),
  );

  it('makes prompts of inputs, and hands options to the backend', () => {
    const model = scripted(({ messages }) => `${messages[0]?.content}!`);
    const asked = of(1, 2).pipe(inferText(model, (n) => `number ${n}`, { maxTokens: 5 }));
    expect(outcome(asked)).toEqual({ values: ['number 1!', 'number 2!'] });
    expect(model.requests.map(({ maxTokens }) => maxTokens)).toEqual([5, 5]);
  });

  it('refuses misuse when it is made', () => {
    expect(() => inferText(scripted('a'), { topK: 0 })).toThrow('Expected `topK` to be a whole number of at least 1');
  });
});
