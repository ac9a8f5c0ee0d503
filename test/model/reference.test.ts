import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Answer } from '../../src/backends/onnx/answer.ts';
import { Engine } from '../../src/backends/onnx/engine.ts';
import { type LoadedModel, loadModel } from '../../src/backends/onnx/load-model.ts';
import { plainParser } from '../../src/backends/onnx/plain-parser.ts';
import { Sampler } from '../../src/backends/onnx/sampler.ts';
import { Sequence } from '../../src/backends/onnx/sequence.ts';
import { modelFolder, type Reference, referenceModels, references, specialTokens } from '../support/models.ts';

describe.each(referenceModels)('the engine on %s', (name) => {
  const cases = references(name);
  let model: LoadedModel;

  beforeAll(async () => {
    model = await loadModel({ folder: modelFolder(name), executionProviders: ['cpu'] });
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
  const write = async (asked: readonly Reference[], chunk = model.runner.chunk): Promise<readonly number[][]> => {
    const engine = new Engine({ chunk, run: (work) => model.runner.run(work) });
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
    expect(await write(cases, chunk)).toEqual(expected);
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
