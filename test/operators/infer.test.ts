import { BackendError, infer } from 'millrace';
import { marbles, scripted } from 'millrace/testing';
import { filter, map, of, pipe, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { obeysOperatorLaws } from '../support/operator-laws.ts';

/** The marble of an event: a token's text, or `f`. */
const letters = map((event: { type: string; text?: string }) => event.text ?? event.type[0]);

describe('infer', () => {
  obeysOperatorLaws(
    () => infer(scripted('one two')),
    (n) => `question ${n}`,
  );

  it(
    'streams tokens, one question at a time',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  -x-----y--|');
      const x = cold('       -a-b-|');
      const xSubs = '       -^----!';
      const y = cold('             -c-|');
      const ySubs = '       -------^--!';
      const expected = '    --a-b-f-c-(f|)';
      const model = scripted(({ messages }) => (messages[0]?.content === 'x' ? x : y));

      expectObservable(source.pipe(infer(model), letters)).toBe(expected);
      expectSubscriptions(x.subscriptions).toBe(xSubs);
      expectSubscriptions(y.subscriptions).toBe(ySubs);
    }),
  );

  it(
    'lets a question wait for the answer before it',
    marbles(({ cold, hot, expectObservable }) => {
      const source = hot('  -xy|      ');
      const answer = '       -a-|     ';
      const expected = '    --a-fa-(f|)';
      const model = scripted(() => cold(answer));
      expectObservable(source.pipe(infer(model), letters)).toBe(expected);
    }),
  );

  it(
    'answers several questions at once where `concurrency` says so',
    marbles(({ cold, hot, expectObservable }) => {
      const source = hot('  -x-y|    ');
      const answer = '       --a--|  ';
      const expected = '    ---a-a--|';
      const tokens = filter((letter) => letter === 'a');
      const model = scripted(() => cold(answer));
      expectObservable(source.pipe(infer(model, { concurrency: 2 }), letters, tokens)).toBe(expected);
    }),
  );

  it(
    'stops the model when the reader leaves',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const answer = cold(' -a-b-c-|');
      const leave = '       ----!   ';
      const expected = '    -a-b    ';
      expectObservable(of('x').pipe(infer(scripted(answer)), letters), leave).toBe(expected);
      expectSubscriptions(answer.subscriptions).toBe('^---!');
    }),
  );

  it('asks nothing before it is subscribed', () => {
    const model = scripted('hello');
    const answers = of('x').pipe(infer(model));
    expect(model.requests).toHaveLength(0);
    answers.subscribe();
    expect(model.requests).toHaveLength(1);
  });

  it('hands sampling and the whole conversation to the backend', () => {
    const model = scripted('hello');
    const conversation = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hi' },
    ] as const;
    of(1)
      .pipe(infer(model, () => conversation, { temperature: 0.5, stop: ['\n'] }))
      .subscribe();
    expect(model.requests[0]).toMatchObject({ messages: conversation, temperature: 0.5, stop: ['\n'] });
  });

  it(
    'fails with the error of the backend',
    marbles(({ expectObservable }) => {
      const error = new BackendError('gone', { backend: 'b', retryable: true });
      const broken = { id: 'b', infer: () => throwError(() => error) };
      expectObservable(of('x').pipe(infer(broken))).toBe('#', null, error);
    }),
  );

  it(
    'fails where `toPrompt` throws',
    marbles(({ expectObservable }) => {
      const thrown = new Error('no prompt');
      const toPrompt = () => {
        throw thrown;
      };
      expectObservable(of('x').pipe(infer(scripted('a'), toPrompt))).toBe('#', null, thrown);
    }),
  );

  it.each([
    [{ temperature: -1 }, 'Expected `temperature` to be a number of at least 0, received -1'],
    [{ topP: 0 }, 'Expected `topP` to be a number above 0 and at most 1, received 0'],
    [{ maxTokens: 1.5 }, 'Expected `maxTokens` to be a whole number of at least 1, received 1.5'],
    [{ stop: [''] }, 'Expected `stop` to be a list of texts that are not empty, received an array of 1'],
    [{ concurrency: 0 }, 'Expected `concurrency` to be a whole number of at least 1, received 0'],
    [{ temprature: 1 }, /received `temprature`/],
  ])('refuses %j when it is made', (options, message) => {
    expect(() => infer(scripted('a'), options as object)).toThrow(message);
  });

  it('refuses what is not a backend when it is made', () => {
    expect(() => infer({} as never)).toThrow(/Expected the backend of infer to be an object with an `infer` method/);
  });

  it('composes outside of a pipe', () => {
    const ask = pipe(infer<string>(scripted('a')), letters);
    const seen: unknown[] = [];
    of('x')
      .pipe(ask)
      .subscribe((letter) => seen.push(letter));
    expect(seen).toEqual(['a', 'f']);
  });
});
