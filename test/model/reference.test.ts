import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Answer } from '../../src/backends/onnx/answer.ts';
import { Engine } from '../../src/backends/onnx/engine.ts';
import { readModelFiles } from '../../src/backends/onnx/model-files.ts';
import { ModelRunner } from '../../src/backends/onnx/model-runner.ts';
import { plainParser } from '../../src/backends/onnx/plain-parser.ts';
import { PrefixCache } from '../../src/backends/onnx/prefix-cache.ts';
import { Random } from '../../src/backends/onnx/random.ts';
import { Sampler } from '../../src/backends/onnx/sampler.ts';
import { Sequence } from '../../src/backends/onnx/sequence.ts';
import { loadParts, type ModelParts } from '../support/load-parts.ts';
import { modelFolder, type Reference, referenceModels, references, specialTokens } from '../support/models.ts';

describe.each(referenceModels)('the engine on %s', (name) => {
  const cases = references(name);
  let model: ModelParts;

  beforeAll(async () => {
    model = await loadParts(modelFolder(name));
  });

  /** A sequence that no stop id ends: the references have none either. */
  const sequence = ({ promptIds, greedyIds }: Reference, id: number) =>
    new Sequence({
      id,
      promptIds,
      sampler: new Sampler({}),
      answer: new Answer(model.tokenizer.pieces, plainParser()),
      stopIds: new Set(),
      maxTokens: greedyIds.length,
    });

  /** What an engine writes for some cases that are asked at once. */
  const write = async (
    asked: readonly Reference[],
    { chunk = model.runner.chunk, runner = model.runner, prefixes = new PrefixCache(0) } = {},
  ): Promise<readonly number[][]> => {
    const { cache, width, vocabulary } = runner;
    const engine = new Engine(
      { chunk, cache, width, vocabulary, run: (works) => runner.run(works) },
      prefixes,
      model.plan,
    );
    const sequences = asked.map(sequence);
    for (const one of sequences) engine.add(one);
    while (engine.busy) await engine.step();
    return sequences.map(({ ids, input }) => ids.slice(input));
  };

  const expected = cases.map(({ greedyIds }) => greedyIds);

  it('knows every id that ends an answer', () => {
    const { eos_token_id: ids } = JSON.parse(readFileSync(`${modelFolder(name)}/generation_config.json`, 'utf8'));
    expect([...model.stopIds].sort()).toEqual([ids].flat());
  });

  it('encodes prompts as the reference does', () => {
    expect(cases.map(({ prompt }) => model.tokenizer.encode(prompt))).toEqual(cases.map(({ promptIds }) => promptIds));
  });

  it('writes conversations as the reference does', () => {
    const chats = cases.filter(({ chat }) => chat);
    expect(chats).toHaveLength(2);
    expect(chats.map(({ messages }) => model.template.render(messages ?? []))).toEqual(
      chats.map(({ prompt }) => prompt),
    );
  });

  it('writes the tokens of the reference, one request after the other', async () => {
    for (const [index, one] of cases.entries()) expect(await write([one])).toEqual([expected[index]]);
  });

  it('writes the tokens of the reference, all requests side by side', async () => {
    expect(await write([...cases, ...cases, ...cases])).toEqual([...expected, ...expected, ...expected]);
  });

  it.each([1, 7, 16, 40])('writes the tokens of the reference with prompts in pieces of %d', async (chunk) => {
    expect(await write(cases, { chunk })).toEqual(expected);
  });

  it('keeps the cache in place where the model can', () => {
    const way = name.endsWith('concat') ? { mode: 'ping-pong', width: 1 } : { mode: 'in-place', width: 8 };
    expect(model.runner).toMatchObject(way);
  });

  it.each(['in-place', 'ping-pong', 'plain'] as const)(
    'writes the same tokens with its cache kept %s',
    async (mode) => {
      if (mode === 'in-place' && model.runner.mode !== mode) return;
      const files = await readModelFiles(modelFolder(name));
      const runner = await ModelRunner.load(files, { executionProviders: ['cpu'] }, model.plan, undefined, {
        mode,
        width: mode === 'in-place' ? 8 : 1,
      });
      expect(await write([...cases, ...cases, ...cases], { runner })).toEqual([...expected, ...expected, ...expected]);
    },
  );

  it('writes the same tokens after prompts that are known in part, or altogether', async () => {
    const prefixes = new PrefixCache(2000);
    const [one, other] = [cases[2], cases[3]] as [Reference, Reference];
    expect(await write([one], { prefixes })).toEqual([one.greedyIds]);
    expect(await write([other], { prefixes })).toEqual([other.greedyIds]);
    expect(await write([...cases, ...cases], { prefixes })).toEqual([...expected, ...expected]);
  });

  it('writes the same tokens while others come and go at every moment', async () => {
    const engine = new Engine(model.runner, new PrefixCache(500), model.plan);
    const random = new Random(7);
    const running = new Map<number, { sequence: Sequence; wanted: readonly number[] }>();
    const complete: [readonly number[], readonly number[]][] = [];
    for (let id = 0; id < 40 || engine.busy; ) {
      if (id < 40 && random.next() < 0.2) {
        const one = cases[id % cases.length] as Reference;
        const made = sequence(one, id);
        running.set(id++, { sequence: made, wanted: one.greedyIds });
        engine.add(made);
      }
      const [chosen] = [...running.keys()];
      if (random.next() < 0.004 && chosen !== undefined) {
        engine.cancel(chosen);
        running.delete(chosen);
      }
      for (const { id: ended, end } of await engine.step()) {
        if (end === undefined) continue;
        expect(end).toMatchObject({ reason: 'length' });
        const { sequence: written, wanted } = running.get(ended) as { sequence: Sequence; wanted: readonly number[] };
        complete.push([written.ids.slice(written.input), wanted]);
        running.delete(ended);
      }
    }
    expect(running.size).toBe(0);
    expect(complete.length).toBeGreaterThan(10);
    for (const [written, wanted] of complete) expect(written).toEqual(wanted);
  });

  it('reads the text of the reference out of its tokens', () => {
    const markers = specialTokens(name);
    for (const { greedyIds, greedyText } of cases) {
      const answer = new Answer(model.tokenizer.pieces, { ...plainParser(), markers });
      const events = [...greedyIds.flatMap((id) => answer.push(id)), ...answer.end()];
      expect(events.map((event) => (event.type === 'token' ? event.text : '')).join('')).toBe(greedyText);
    }
  });
});
