import { beforeAll, describe, expect, it } from 'vitest';
import { Answer } from '../../src/backends/onnx/answer.ts';
import { Choice } from '../../src/backends/onnx/choice.ts';
import { Engine } from '../../src/backends/onnx/engine.ts';
import { plainParser } from '../../src/backends/onnx/plain-parser.ts';
import { PrefixCache } from '../../src/backends/onnx/prefix-cache.ts';
import { Sampler } from '../../src/backends/onnx/sampler.ts';
import { Sequence, type SequenceStart } from '../../src/backends/onnx/sequence.ts';
import type { Work } from '../../src/backends/onnx/work.ts';
import { type Answers, collect, workOff } from '../support/letter-model.ts';
import { loadParts, type ModelParts } from '../support/load-parts.ts';
import { modelFolder } from '../support/models.ts';
import { logged, tokensOf } from '../support/run-log.ts';

describe('Engine, on a real model', () => {
  let model: ModelParts;

  beforeAll(async () => {
    model = await loadParts(modelFolder('tiny-llama'));
  });

  const start = ({ prefixes = 0, before }: { prefixes?: number; before?: (works: readonly Work[]) => void } = {}) => {
    const runner = logged(model.runner, before);
    return { engine: new Engine(runner, new PrefixCache(prefixes), model.plan), runs: runner.runs };
  };

  const sequence = (id: number, prompt: string | readonly number[], more: Partial<SequenceStart> = {}) =>
    new Sequence({
      id,
      promptIds: typeof prompt === 'string' ? model.tokenizer.encode(prompt) : prompt,
      sampler: new Sampler({}),
      answer: new Answer(model.tokenizer.pieces, plainParser()),
      stopIds: new Set(),
      maxTokens: 5,
      ...more,
    });

  /** The tokens that a request gets alone. */
  const alone = async (prompt: string, maxTokens = 5): Promise<readonly number[]> => {
    const { engine } = start();
    const one = sequence(0, prompt, { maxTokens });
    engine.add(one);
    await workOff(engine);
    return one.ids.slice(one.input);
  };

  it('computes an article that three requests begin with once', async () => {
    const { engine, runs } = start({ prefixes: 2000 });
    const article = Array.from({ length: 300 }, (_, place) => 100 + ((place * 37) % 900));
    const endings = [[1001, 1002], [1003], [1004, 1005, 1006]];
    const sequences = endings.map((ending, id) => sequence(id, [...article, ...ending], { maxTokens: 1 }));
    for (const one of sequences) engine.add(one);
    await workOff(engine);
    expect(tokensOf(runs)).toBe(300 + endings.flat().length);
    expect(sequences.reduce((sum, { cached }) => sum + cached, 0)).toBe(600);
    expect(Math.max(...runs.map((works) => works.flatMap(({ ids }) => ids).length))).toBe(64);
  });

  it('fails the one request that the runtime cannot compute, and goes on with the others', async () => {
    const { engine } = start();
    const [first, third] = [sequence(1, 'One prompt', { maxTokens: 12 }), sequence(3, 'A third', { maxTokens: 12 })];
    engine.add(first);
    engine.add(sequence(2, [5, 6, 999_999, 7]));
    engine.add(third);
    const answers = await workOff(engine);
    expect(answers.get(2)?.end).toHaveProperty('error.message', expect.stringMatching(/Non-zero status code/));
    expect(first.ids.slice(first.input)).toEqual(await alone('One prompt', 12));
    expect(third.ids.slice(third.input)).toEqual(await alone('A third', 12));
  });

  it('takes its place back from a request that leaves during a run, and gives it to another', async () => {
    const { engine } = start({ before: () => leaving.output === 2 && engine.cancel(1) });
    const leaving = sequence(1, 'One prompt', { maxTokens: 50 });
    const [second, third] = [
      sequence(2, 'Another prompt', { maxTokens: 20 }),
      sequence(3, 'A third', { maxTokens: 20 }),
    ];
    engine.add(leaving);
    engine.add(second);
    const answers: Answers = new Map();
    while (!leaving.left) collect(answers, await engine.step());
    expect([leaving.output, leaving.slot, second.slot]).toEqual([2, undefined, 0]);
    engine.add(third);
    await workOff(engine, answers);
    expect(answers.get(1)?.end).toBeUndefined();
    expect(second.ids.slice(second.input)).toEqual(await alone('Another prompt', 20));
    expect(third.ids.slice(third.input)).toEqual(await alone('A third', 20));
  });

  it('leaves the middle of a long prompt, and computes nothing more of it', async () => {
    const { engine, runs } = start();
    engine.add(sequence(1, 'word '.repeat(300)));
    await engine.step();
    engine.cancel(1);
    expect(await workOff(engine)).toEqual(new Map());
    expect(tokensOf(runs)).toBe(model.runner.chunk);
  });

  it('scores alternatives as a plain evaluation does, however they are nested', async () => {
    const prompt = model.tokenizer.encode('The answer is');
    const stopIds = new Set([3]);
    const alternatives = [
      [10, 20, 30, 40],
      [10, 20, 30],
      [10, 20, 31, 41, 51],
      [10, 21],
      [11],
      [12, 22, 32, 42],
      [12, 22, 32, 43],
      Array.from({ length: 40 }, (_, place) => 100 + place),
      [...Array.from({ length: 35 }, (_, place) => 100 + place), 7],
    ];
    const choice = new Choice(alternatives, stopIds);
    const { engine } = start();
    const chosen = sequence(1, prompt, { choice, maxTokens: 100 });
    engine.add(chosen);
    engine.add(sequence(2, 'Beside it', { maxTokens: 30 }));
    await workOff(engine);

    const expected: number[] = [];
    for (const ids of alternatives) {
      const nested = alternatives.some((other) => other.length > ids.length && ids.every((id, at) => other[at] === id));
      expected.push(await plainScore(prompt, nested ? [...ids, 3] : ids));
    }
    expect([...choice.scores]).toEqual(expected.map((score) => expect.closeTo(score, 3)));
    const best = expected.indexOf(Math.max(...expected));
    expect(chosen.ids.slice(chosen.input)).toEqual(alternatives[best]);
  });

  /** The log-probability of some tokens after a prompt, from one run over all of them. */
  const plainScore = async (prompt: readonly number[], ids: readonly number[]): Promise<number> => {
    const { runner } = model;
    runner.cache.truncate(0, 0);
    const text = [...prompt, ...ids.slice(0, -1)];
    const scores = await runner.run([{ slot: 0, from: 0, ids: text, keep: ids.length }]);
    return ids.reduce((sum, id, place) => {
      const row = scores.subarray(place * runner.vocabulary, (place + 1) * runner.vocabulary);
      return sum + (row[id] as number) - Math.log(row.reduce((total, score) => total + Math.exp(score), 0));
    }, 0);
  };
});
