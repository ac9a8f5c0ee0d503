import { infer, inferText, text } from 'millrace';
import { marbles, scripted } from 'millrace/testing';
import { of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { obeysOperatorLaws } from '../support/operator-laws.ts';

describe('text', () => {
  const answer = (content: string) => {
    const events: never[] = [];
    of('x')
      .pipe(infer(scripted([content])))
      .subscribe((event) => events.push(event as never));
    return events;
  };
  const [token, finish] = answer('a') as [never, never];

  obeysOperatorLaws(text, () => finish);

  it(
    'gathers the tokens of each answer',
    marbles(({ hot, expectObservable }) => {
      const source = hot(' -a-b-f-c-f|', { a: token, b: token, c: token, f: finish });
      const expected = '   -----x---y|';
      expectObservable(source.pipe(text())).toBe(expected, { x: 'aa', y: 'a' });
    }),
  );

  it('forgets what was retracted', () => {
    const seen: string[] = [];
    of('x')
      .pipe(inferText(scripted(['no', { type: 'retract' }, 'yes'])))
      .subscribe((value) => seen.push(value));
    expect(seen).toEqual(['yes']);
  });
});

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
});
