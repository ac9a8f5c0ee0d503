import { describe, expect, it } from 'vitest';
import { Choice } from '../../../src/backends/onnx/choice.ts';
import { Engine } from '../../../src/backends/onnx/engine.ts';
import { PrefixCache } from '../../../src/backends/onnx/prefix-cache.ts';
import { LetterRunner, letterEngine, letterSequence, plainly, spell, workOff } from '../../support/letter-model.ts';

const article = 'itwasthebestoftimesitwastheworst'.repeat(10).slice(0, 300);

const usage = (answers: Awaited<ReturnType<typeof workOff>>, id: number) =>
  (answers.get(id)?.end as { usage?: object } | undefined)?.usage;

describe('Engine', () => {
  it('computes the beginning of requests that come at once and begin alike once', async () => {
    const runner = new LetterRunner({ chunk: 128 });
    const engine = letterEngine(runner, { tokens: 5000, prefixes: 1000 });
    const endings = ['summarise', 'translate', 'judge'];
    endings.forEach((ending, id) => {
      engine.add(letterSequence({ id, prompt: article + ending, maxTokens: 3 }));
    });
    const answers = await workOff(engine);
    for (const [id, ending] of endings.entries()) expect(answers.get(id)?.text).toBe(plainly(article + ending, 3));
    const answered = 3 * 2;
    expect(runner.tokens - answered).toBe(300 + endings.join('').length);
    const cached = endings.map((_, id) => (usage(answers, id) as { cached: number }).cached);
    expect(cached.reduce((sum, each) => sum + each)).toBe(2 * 300);
  });

  it('copies nothing of what is computed alone before company comes, or its end', async () => {
    for (const company of [false, true]) {
      const runner = new LetterRunner({ chunk: 128 });
      const prefixes = new PrefixCache(1000);
      const engine = new Engine(runner, prefixes, { slots: 8, tokens: 5000 });
      engine.add(letterSequence({ id: 1, prompt: article }));
      while (runner.runs.length < 4) await engine.step();
      expect(prefixes.tokens).toBe(0);
      if (company) engine.add(letterSequence({ id: 2, prompt: 'other' }));
      await engine.step();
      expect(prefixes.tokens > 0).toBe(company);
      await workOff(engine);
      expect(prefixes.tokens).toBeGreaterThanOrEqual(300);
    }
  });

  it('counts what it did not have to compute', async () => {
    const runner = new LetterRunner({ chunk: 128 });
    const engine = letterEngine(runner, { tokens: 5000, prefixes: 1000 });
    engine.add(letterSequence({ id: 1, prompt: article }));
    expect(usage(await workOff(engine), 1)).toEqual({ input: 300, cached: 0, output: 5 });
    const before = runner.tokens;
    engine.add(letterSequence({ id: 2, prompt: article.slice(0, 200) + 'otherwise'.repeat(2) }));
    expect(usage(await workOff(engine), 2)).toEqual({ input: 218, cached: 200, output: 5 });
    expect(runner.tokens - before).toBe(18 + 4);
  });

  it('computes the last token of a prompt that is known altogether', async () => {
    const engine = letterEngine(new LetterRunner({ chunk: 128 }), { tokens: 5000, prefixes: 1000 });
    for (const id of [1, 2]) {
      engine.add(letterSequence({ id, prompt: article }));
      const answers = await workOff(engine);
      expect(answers.get(id)?.text).toBe(plainly(article, 5));
      expect(usage(answers, id)).toMatchObject({ cached: id === 1 ? 0 : 299 });
    }
  });

  it('goes on with a conversation where its last answer ended', async () => {
    const runner = new LetterRunner({ chunk: 128 });
    const engine = letterEngine(runner, { tokens: 5000, prefixes: 1000 });
    engine.add(letterSequence({ id: 1, prompt: article, maxTokens: 40 }));
    await workOff(engine);
    const more = `${article + plainly(article, 40)}andthen`;
    engine.add(letterSequence({ id: 2, prompt: more }));
    const answers = await workOff(engine);
    // The last token of an answer is never computed: nothing follows it.
    expect(usage(answers, 2)).toEqual({ input: 347, cached: 339, output: 5 });
    expect(answers.get(2)?.text).toBe(plainly(more, 5));
  });

  it('keeps what is computed of a request that is withdrawn', async () => {
    const runner = new LetterRunner({ chunk: 100 });
    const engine = letterEngine(runner, { tokens: 5000, prefixes: 1000 });
    engine.add(letterSequence({ id: 1, prompt: article }));
    for (let step = 0; step < 2; step++) await engine.step();
    engine.cancel(1);
    engine.add(letterSequence({ id: 2, prompt: article }));
    expect(usage(await workOff(engine), 2)).toMatchObject({ cached: 200 });
  });

  it('keeps nothing of the ways that a choice tried', async () => {
    const engine = letterEngine(new LetterRunner({ chunk: 128 }), { tokens: 5000, prefixes: 1000 });
    const alternatives = ['onelongway', 'onelonger', 'another', 'anotherway'];
    const choice = new Choice(alternatives.map(spell), new Set(spell('F')));
    engine.add(letterSequence({ id: 0, prompt: article, maxTokens: 20, choice }));
    await workOff(engine);
    for (const [index, alternative] of alternatives.entries()) {
      const prompt = `${article}${alternative}andthen`;
      engine.add(letterSequence({ id: index + 1, prompt }));
      expect((await workOff(engine)).get(index + 1)?.text).toBe(plainly(prompt, 5));
    }
  });

  it('forgets what was used least lately where there is no room', async () => {
    const engine = letterEngine(new LetterRunner({ chunk: 128 }), { tokens: 5000, prefixes: 320 });
    const other = article.toUpperCase().replaceAll(/[^A-F]/g, 'z');
    for (const [id, prompt] of [article, other, article, article].entries()) {
      engine.add(letterSequence({ id, prompt, maxTokens: 1 }));
      expect(usage(await workOff(engine), id)).toMatchObject({ cached: id === 3 ? 299 : 0 });
    }
  });
});
