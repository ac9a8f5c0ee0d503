import { marbles, scripted } from 'millrace/testing';
import { of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { fanOut } from '../../examples/fan-out.ts';

describe('fan-out', () => {
  it(
    'asks three questions at once, and joins the answers',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const answers = [cold('-a-|', { a: 'A' }), cold('-b---|', { b: 'B' }), cold('--c|', { c: 'C' })];
      const model = scripted((_, index) => answers[index] ?? 'none');
      const record = of('a text').pipe(fanOut.workflow({ small: model, large: model }));
      expectObservable(record).toBe('-----(r|)', { r: { title: 'A', number: 'B', warning: 'C' } });
      for (const [index, end] of ['^--!', '^----!', '^--!'].entries()) {
        expectSubscriptions(answers[index]?.subscriptions ?? []).toBe(end);
      }
    }),
  );

  it('gives every question the whole text', () => {
    const model = scripted('answer');
    of('a text')
      .pipe(fanOut.workflow({ small: model, large: model }))
      .subscribe();
    const prompts = model.requests.map(({ messages }) => messages[0]?.content ?? '');
    expect(new Set(prompts).size).toBe(3);
    for (const prompt of prompts) expect(prompt).toMatch(/^a text\n\n/);
  });
});
