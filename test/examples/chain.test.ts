import { type RunEvent, run } from 'millrace';
import { marbles, scripted } from 'millrace/testing';
import { filter, map, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { chain } from '../../examples/chain.ts';

const article = 'Two firms.\n\nNintendo made cards.\n\nNokia made paper.\nBoth changed.';

const asked = (content: string | undefined) => content ?? '';

describe('chain', () => {
  it(
    'writes on the first company while the second is still looked for',
    marbles(({ cold, expectObservable }) => {
      const find = cold('      -a-b-c-|', { a: '[{"name":"Nintendo"},', b: ' {"name":"No', c: 'kia"}]' });
      const describes = '       --w-|';
      const expected = '       -----x---(y|)';
      const model = scripted(({ messages: [message] }) =>
        asked(message?.content).includes('List the companies')
          ? find
          : cold(describes, { w: asked(message?.content).includes('about Nintendo') ? 'Cards.' : 'Paper.' }),
      );
      const sentences = of(article).pipe(chain.workflow({ small: model, large: model }));
      expectObservable(sentences).toBe(expected, { x: 'Cards.', y: 'Paper.' });
    }),
  );

  it('asks for an array, and shows each sentence only the paragraphs that name its company', () => {
    const model = scripted((_, index) => (index === 0 ? '[{"name":"Nintendo"}, {"name":"Nokia"}]' : 'A sentence.'));
    of(article)
      .pipe(chain.workflow({ small: model, large: model }))
      .subscribe();
    expect(model.requests[0]?.schema).toMatchObject({ type: 'array' });
    const prompts = model.requests.slice(1).map(({ messages }) => messages[0]?.content);
    expect(prompts).toEqual([
      expect.stringMatching(/^Nintendo made cards\.\n\n.*about Nintendo/s),
      expect.stringMatching(/^Nokia made paper\.\nBoth changed\.\n\n.*about Nokia/s),
    ]);
  });

  it('passes over companies that the article does not name, and those that were named before', () => {
    const model = scripted((_, index) =>
      index === 0 ? '[{"name":"Nintendo"}, {"name":"Sega"}, {"name":"Nintendo"}]' : 'A sentence.',
    );
    const sentences: unknown[] = [];
    of(article)
      .pipe(chain.workflow({ small: model, large: model }))
      .subscribe((sentence) => sentences.push(sentence));
    expect(sentences).toEqual(['A sentence.']);
  });

  it('shows both steps to a run', () => {
    const model = scripted((_, index) => (index === 0 ? '[{"name":"Nokia"}]' : 'A sentence.'));
    const running = run(chain.workflow({ small: model, large: model }), article);
    const steps: string[] = [];
    running.events
      .pipe(
        filter(({ kind, type }: RunEvent) => kind === 'model' && type === 'finish'),
        map(({ path }) => path.join()),
      )
      .subscribe((step) => steps.push(step));
    running.subscribe();
    expect(steps).toEqual(expect.arrayContaining(['find', 'describe']));
  });
});
