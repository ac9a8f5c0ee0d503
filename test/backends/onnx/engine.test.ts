import { describe, expect, it } from 'vitest';
import { CompactCache } from '../../../src/backends/onnx/compact-cache.ts';
import { Random } from '../../../src/backends/onnx/random.ts';
import { Sampler } from '../../../src/backends/onnx/sampler.ts';
import {
  type Answers,
  collect,
  LetterRunner,
  letterEngine,
  letterSequence,
  plainly,
  spell,
  workOff,
} from '../../support/letter-model.ts';
import { cacheTensors } from '../../support/recognisable-rows.ts';

const words = ['a', 'the', 'some', 'quick', 'brownfox', 'jumpsoverthelazydog'];

describe('Engine', () => {
  it('has nothing to do without requests', async () => {
    const runner = new LetterRunner();
    const engine = letterEngine(runner);
    expect(engine.busy).toBe(false);
    expect(await engine.step()).toEqual([]);
    expect(runner.runs).toEqual([]);
  });

  it('computes a prompt in chunks, then a token a step', async () => {
    const runner = new LetterRunner({ chunk: 8 });
    const engine = letterEngine(runner);
    engine.add(letterSequence({ prompt: 'jumpsoverthelazydog' }));
    const answers = await workOff(engine);
    expect(runner.shapes).toEqual(['8', '8', '3', '1', '1', '1', '1']);
    expect(runner.runs.flat().map(({ keep }) => keep)).toEqual([0, 0, 1, 1, 1, 1, 1]);
    expect(answers.get(1)).toMatchObject({
      text: plainly('jumpsoverthelazydog', 5),
      end: { reason: 'length', usage: { input: 19, cached: 0, output: 5 }, whole: false },
    });
  });

  it('gives each token as it comes, and what was spent so far', async () => {
    const engine = letterEngine(new LetterRunner());
    engine.add(letterSequence());
    const steps = [await engine.step(), await engine.step()];
    const [first, second] = plainly('abc', 2);
    expect(steps).toEqual([
      [{ id: 1, events: [{ type: 'token', text: first }], usage: { input: 3, cached: 0, output: 1 } }],
      [{ id: 1, events: [{ type: 'token', text: second }], usage: { input: 3, cached: 0, output: 2 } }],
    ]);
  });

  it('ends at any stop id, which is no part of the answer', async () => {
    const engine = letterEngine(new LetterRunner());
    const text = plainly('abc', 5);
    expect(new Set(text.slice(0, 4)).size).toBe(4);
    engine.add(letterSequence({ maxTokens: 50, stopIds: new Set(spell(`${text[3]}${text[2]}`)) }));
    const end = { reason: 'stop', usage: { input: 3, cached: 0, output: 2 }, whole: true };
    expect((await workOff(engine)).get(1)).toMatchObject({ text: text.slice(0, 2), end });
  });

  it('ends before a stop text, whatever follows it', async () => {
    const engine = letterEngine(new LetterRunner());
    const text = plainly('abc', 8);
    engine.add(letterSequence({ maxTokens: 50, stop: [text.slice(3, 6)] }));
    const end = { reason: 'stop', usage: { output: 6 }, whole: false };
    expect((await workOff(engine)).get(1)).toMatchObject({ text: text.slice(0, 3), end });
  });

  it('tells how long a request waited in line', async () => {
    const runner = new LetterRunner({ before: () => new Promise((resolve) => setTimeout(resolve, 3)) });
    const engine = letterEngine(runner, { slots: 1 });
    for (const id of [1, 2]) engine.add(letterSequence({ id }));
    const answers = await workOff(engine);
    const [first, second] = [1, 2].map((id) => answers.get(id)?.end as { queue: number });
    expect(first?.queue).toBeGreaterThanOrEqual(0);
    expect(second?.queue).toBeGreaterThanOrEqual((first?.queue ?? 0) + 10);
  });

  it('writes a token of each request in one run', async () => {
    const runner = new LetterRunner();
    const engine = letterEngine(runner);
    for (const id of [1, 2, 3]) engine.add(letterSequence({ id, prompt: words[id] as string }));
    await workOff(engine);
    expect(runner.shapes.slice(0, 5)).toEqual(['3', '1', '4', '2x1', '5']);
    expect(runner.shapes).toContain('3x1');
  });

  it('lets short requests answer while a long prompt is computed', async () => {
    const engine = letterEngine(new LetterRunner({ chunk: 8 }), { tokens: 5000 });
    engine.add(letterSequence({ id: 1, prompt: 'long'.repeat(100) }));
    for (let step = 0; step < 5; step++) await engine.step();
    engine.add(letterSequence({ id: 2 }));
    let steps = 0;
    const answers: Answers = new Map();
    for (; answers.get(2)?.end === undefined; steps++) collect(answers, await engine.step());
    expect(steps).toBeLessThanOrEqual(10);
    expect(answers.get(1)).toBeUndefined();
  });

  it('computes a long prompt in shorter chunks while others wait for theirs', async () => {
    const runner = new LetterRunner({ chunk: 100 });
    const engine = letterEngine(runner);
    const prompt = 'long'.repeat(50);
    engine.add(letterSequence({ prompt, maxTokens: 1 }));
    await workOff(engine);
    expect(runner.shapes).toEqual(['100', '100']);
    for (const id of [2, 3]) engine.add(letterSequence({ id, prompt, maxTokens: 1 }));
    await workOff(engine);
    // The last of them is alone again.
    expect(runner.shapes.slice(2)).toEqual(['64', '64', '64', '64', '64', '64', '8', '8']);
  });

  it('begins urgent requests first', async () => {
    const engine = letterEngine(new LetterRunner(), { slots: 1 });
    for (const id of [1, 2, 3]) engine.add(letterSequence({ id, priority: id === 3 ? 1 : 0 }));
    expect([...(await workOff(engine)).keys()]).toEqual([3, 1, 2]);
  });

  it.each([
    ['side by side', () => new LetterRunner({ chunk: 6 })],
    ['a few at a time', () => new LetterRunner({ chunk: 6, width: 3 })],
    ['one at a time', () => new LetterRunner({ chunk: 6, width: 1, cache: new CompactCache(cacheTensors(), 8) })],
  ])('gives a request the same text alone and in company, %s', async (_, make) => {
    for (let seed = 0; seed < 3; seed++) {
      const random = new Random(seed);
      const below = (bound: number) => Math.floor(random.next() * bound);
      const engine = letterEngine(make(), { slots: 5, tokens: 150, prefixes: 80 });
      const expected = new Map<number, string>();
      const answers: Answers = new Map();
      for (let id = 0; id < 30 || engine.busy; ) {
        if (id < 30 && random.next() < 0.4) {
          const prompt = Array.from({ length: 1 + below(6) }, () => words[below(words.length)]).join('');
          const maxTokens = 1 + below(12);
          const sampling = { temperature: below(2), topK: 10, seed: id };
          expected.set(id, plainly(prompt, maxTokens, new Sampler(sampling)));
          engine.add(letterSequence({ id, prompt, maxTokens, priority: below(3), sampler: new Sampler(sampling) }));
          id++;
        }
        collect(answers, await engine.step());
      }
      expect(new Map([...answers].map(([id, { text }]) => [id, text]))).toEqual(expected);
    }
  });
});
