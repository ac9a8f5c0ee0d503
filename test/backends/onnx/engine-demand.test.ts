import { describe, expect, it } from 'vitest';
import { Demand } from '../../../src/backends/onnx/demand.ts';
import {
  type Answers,
  collect,
  LetterRunner,
  letterEngine,
  letterSequence,
  plainly,
  workOff,
} from '../../support/letter-model.ts';

/** Two requests side by side, of which the first has a reader with a pace of its own. */
const start = () => {
  const runner = new LetterRunner({ chunk: 4 });
  const engine = letterEngine(runner);
  const demand = Demand.create();
  engine.add(letterSequence({ id: 1, prompt: 'slow', maxTokens: 9, demand }));
  engine.add(letterSequence({ id: 2, prompt: 'fast', maxTokens: 9 }));
  return { runner, engine, demand, answers: new Map() as Answers };
};

const textOf = (answers: Answers, id: number) => answers.get(id)?.text;

describe('Engine, with readers at their own pace', () => {
  it('computes one output beyond what a reader has taken, and rests', async () => {
    const { engine, demand, answers } = start();
    await workOff(engine, answers);
    expect(textOf(answers, 1)).toBe(plainly('slow', 2));
    expect(textOf(answers, 2)).toBe(plainly('fast', 9));
    expect(demand.take()).toBe(true);
    engine.resume();
    await workOff(engine, answers);
    expect(textOf(answers, 1)).toBe(plainly('slow', 3));
  });

  it('writes the whole answer as its reader takes it', async () => {
    const { engine, demand, answers } = start();
    for (let taken = 0; answers.get(1)?.end === undefined; taken++) {
      await workOff(engine, answers);
      if (demand.take()) engine.resume();
      expect(taken).toBeLessThan(9);
    }
    expect(textOf(answers, 1)).toBe(plainly('slow', 9));
  });

  it('does not ask to be told while there is something to do', async () => {
    const { engine, demand, answers } = start();
    collect(answers, await engine.step());
    expect(demand.take()).toBe(false);
  });

  it('takes a new request while everybody else waits for a reader', async () => {
    const { engine, answers } = start();
    await workOff(engine, answers);
    expect(engine.busy).toBe(false);
    engine.add(letterSequence({ id: 3, prompt: 'new' }));
    expect(engine.busy).toBe(true);
    await workOff(engine, answers);
    expect(textOf(answers, 3)).toBe(plainly('new', 5));
  });

  it('computes nothing for a reader who has left, before the order to withdraw comes', async () => {
    const { runner, engine, demand, answers } = start();
    for (let step = 0; step < 3; step++) collect(answers, await engine.step());
    const before = runner.runs.length;
    const seen = textOf(answers, 1);
    // It is not behind.
    for (let taken = 0; taken < 3; taken++) demand.take();
    demand.leave();
    await workOff(engine, answers);
    expect(runner.runs.length).toBeGreaterThan(before);
    expect(runner.runs.slice(before).every((works) => works.length === 1)).toBe(true);
    expect(textOf(answers, 1)).toBe(seen);
    engine.cancel(1);
    expect(engine.busy).toBe(false);
  });

  it('gives the place of a reader who is behind to who waits for it, and goes on later', async () => {
    const runner = new LetterRunner();
    const engine = letterEngine(runner, { slots: 1 });
    const demand = Demand.create();
    engine.add(letterSequence({ id: 1, prompt: 'slow', maxTokens: 9, demand }));
    engine.add(letterSequence({ id: 2, prompt: 'next' }));
    const answers = await workOff(engine);
    expect(textOf(answers, 1)).toBe(plainly('slow', 2));
    expect(textOf(answers, 2)).toBe(plainly('next', 5));
    while (answers.get(1)?.end === undefined) {
      if (demand.take()) engine.resume();
      await workOff(engine, answers);
    }
    expect(textOf(answers, 1)).toBe(plainly('slow', 9));
    expect(answers.get(1)?.end).toMatchObject({ usage: { input: 4, cached: 0, output: 9 } });
  });

  it('computes little again of an answer that lost its place, where beginnings are kept', async () => {
    const runner = new LetterRunner();
    const engine = letterEngine(runner, { slots: 1, prefixes: 500 });
    const demand = Demand.create();
    const prompt = 'slow'.repeat(20);
    engine.add(letterSequence({ id: 1, prompt, maxTokens: 9, demand }));
    engine.add(letterSequence({ id: 2, prompt: 'next' }));
    const answers = await workOff(engine);
    const before = runner.tokens;
    while (answers.get(1)?.end === undefined) {
      if (demand.take()) engine.resume();
      await workOff(engine, answers);
    }
    expect(textOf(answers, 1)).toBe(plainly(prompt, 9));
    expect(runner.tokens - before).toBe(7);
    expect(answers.get(1)?.end).toMatchObject({ usage: { cached: 0 } });
  });

  it('answers everybody though all places are taken by readers who are behind', async () => {
    const engine = letterEngine(new LetterRunner(), { slots: 2 });
    const demands = ['a', 'b', 'c', 'd', 'e'].map((prompt, id) => {
      const demand = Demand.create();
      engine.add(letterSequence({ id, prompt, maxTokens: 9, demand }));
      return demand;
    });
    const answers: Answers = new Map();
    for (let round = 0; round < 20; round++) {
      await workOff(engine, answers);
      for (const demand of demands) if (demand.take()) engine.resume();
    }
    for (const [id, prompt] of ['a', 'b', 'c', 'd', 'e'].entries()) {
      expect(textOf(answers, id)).toBe(plainly(prompt, 9));
    }
  });
});
