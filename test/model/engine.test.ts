import { beforeAll, describe, expect, it } from 'vitest';
import { Answer } from '../../src/backends/onnx/answer.ts';
import { Engine, type StepOutput } from '../../src/backends/onnx/engine.ts';
import { type LoadedModel, loadModel } from '../../src/backends/onnx/load-model.ts';
import { plainParser } from '../../src/backends/onnx/plain-parser.ts';
import { Sampler } from '../../src/backends/onnx/sampler.ts';
import { Sequence } from '../../src/backends/onnx/sequence.ts';
import type { Work } from '../../src/backends/onnx/work.ts';
import { modelFolder } from '../support/models.ts';

describe('Engine', () => {
  let model: LoadedModel;

  beforeAll(async () => {
    model = await loadModel({ folder: modelFolder('tiny-llama'), executionProviders: ['cpu'] });
  });

  /** An engine that remembers how many tokens each run computed. */
  const watched = (before: (work: Work) => void = () => {}) => {
    const runs: number[] = [];
    const run = (work: Work) => {
      runs.push(work.ids.length);
      before(work);
      return model.runner.run(work);
    };
    return { engine: new Engine({ chunk: 16, run }), runs };
  };

  const sequence = (
    id: number,
    prompt = 'A prompt of a few tokens',
    maxTokens = 5,
    stopIds: ReadonlySet<number> = new Set(),
  ) =>
    new Sequence({
      id,
      promptIds: model.tokenizer.encode(prompt),
      sampler: new Sampler({}),
      answer: new Answer(model.tokenizer.pieces, plainParser()),
      stopIds,
      maxTokens,
    });

  const work = async (engine: Engine): Promise<StepOutput[]> => {
    const outputs: StepOutput[] = [];
    while (engine.busy) outputs.push(...(await engine.step()));
    return outputs;
  };

  it('computes a prompt in pieces, then a token a step', async () => {
    const { engine, runs } = watched();
    const long = sequence(1, 'word '.repeat(20));
    engine.add(long);
    const outputs = await work(engine);
    const pieces = Math.ceil(long.input / 16);
    expect(runs).toEqual([...Array(pieces - 1).fill(16), long.input - (pieces - 1) * 16, 1, 1, 1, 1]);
    expect(outputs.at(-1)).toMatchObject({ id: 1, end: { reason: 'length', usage: { input: long.input, output: 5 } } });
  });

  it('ends at any stop id, which is no part of the answer', async () => {
    const { engine } = watched();
    const free = sequence(1);
    engine.add(free);
    await work(engine);
    const [first, second, third, fourth] = free.ids.slice(free.input) as [number, number, number, number];
    expect(new Set([first, second, third, fourth]).size).toBe(4);
    const stopped = sequence(2, undefined, 100, new Set([fourth, third]));
    engine.add(stopped);
    const end = (await work(engine)).at(-1)?.end;
    expect(end).toMatchObject({ reason: 'stop', usage: { output: 2 } });
    expect(stopped.ids.slice(stopped.input)).toEqual([first, second]);
  });

  it('lets short requests answer while a long prompt is computed', async () => {
    const { engine } = watched();
    engine.add(sequence(1, 'word '.repeat(300)));
    engine.add(sequence(2));
    const ends = (await work(engine)).filter(({ end }) => end).map(({ id }) => id);
    expect(ends).toEqual([2, 1]);
  });

  it('computes nothing more for a request that is withdrawn', async () => {
    const { engine, runs } = watched();
    engine.add(sequence(1, 'short', 1000));
    for (let step = 0; step < 10; step++) await engine.step();
    engine.cancel(1);
    expect(engine.busy).toBe(false);
    expect(await work(engine)).toEqual([]);
    expect(runs).toHaveLength(10);
  });

  it('withdraws a request in the middle of its prompt', async () => {
    const { engine, runs } = watched();
    engine.add(sequence(1, 'word '.repeat(300)));
    await engine.step();
    engine.cancel(1);
    expect(await work(engine)).toEqual([]);
    expect(runs).toEqual([16]);
  });

  it('shows nothing of a run during which its request was withdrawn', async () => {
    const watch = watched(() => watch.engine.cancel(1));
    watch.engine.add(sequence(1, 'x'));
    expect(await work(watch.engine)).toEqual([]);
    expect(watch.runs).toHaveLength(1);
  });

  it('never touches the model for a request that is withdrawn while it waits', async () => {
    const { engine, runs } = watched();
    for (let id = 1; id <= 9; id++) engine.add(sequence(id, 'x', 2));
    await engine.step();
    engine.cancel(9);
    const ends = (await work(engine)).flatMap(({ id, end }) => (end ? [id] : []));
    expect(ends).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(runs).toHaveLength(16);
  });

  it('fails the one request whose run fails, and goes on with the others', async () => {
    const failing = sequence(1);
    const { engine } = watched(({ cache }) => {
      if (cache === failing.cache && cache.length > 0) throw new Error('out of memory');
    });
    engine.add(failing);
    engine.add(sequence(2));
    const ends = (await work(engine)).filter(({ end }) => end);
    expect(ends).toMatchObject([
      { id: 1, end: { error: new Error('out of memory') } },
      { id: 2, end: { reason: 'length' } },
    ]);
  });
});
