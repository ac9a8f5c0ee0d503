import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readGraphFacts } from '../../../../src/backends/onnx/footprint/graph-facts.ts';
import { modelFolder } from '../../../support/models.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-'));
afterAll(() => rmSync(folder, { recursive: true }));

const facts = (bytes: readonly number[] | Uint8Array) => {
  const path = join(folder, 'model.onnx');
  writeFileSync(path, Uint8Array.from(bytes));
  return readGraphFacts(path);
};

const varint = (value: number): number[] => (value < 128 ? [value] : [(value % 128) + 128, ...varint(value >> 7)]);
const field = (number: number, content: readonly number[] | Uint8Array | string): number[] => {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return [...varint(number * 8 + 2), ...varint(bytes.length), ...bytes];
};
const number = (id: number, value: number): number[] => [...varint(id * 8), ...varint(value)];

const node = (operator: string, inputs: readonly string[]) =>
  field(1, [...inputs.flatMap((input) => field(1, input)), ...field(4, operator)]);
const weight = (name: string, type: number, dimensions: readonly number[], data: Uint8Array = new Uint8Array()) =>
  field(5, [
    ...dimensions.flatMap((size) => number(1, size)),
    ...number(2, type),
    ...field(8, name),
    ...field(9, data),
  ]);
const graph = (...parts: number[][]) => [...number(1, 10), ...field(7, parts.flat())];

describe('what an .onnx file tells', () => {
  it('is what goes in and out, as the runtime tells it once it is loaded', async () => {
    const { inputs, outputs, sharesCache } = await readGraphFacts(`${modelFolder('tiny-llama')}/onnx/model.onnx`);
    const caches = ['key', 'value'].flatMap((part) => [0, 1, 2].map((layer) => `past_key_values.${layer}.${part}`));
    expect(inputs.map(({ name }) => name)).toEqual(['input_ids', 'attention_mask', ...caches]);
    expect(inputs[2]).toEqual({
      name: 'past_key_values.0.key',
      type: 'float32',
      shape: ['batch_size', 2, 'past_sequence_length', 32],
    });
    expect(outputs[0]).toMatchObject({
      name: 'logits',
      type: 'float32',
      shape: ['batch_size', 'sequence_length', 2048],
    });
    expect(sharesCache).toBe(true);
  });

  it('is that the cache of some models cannot stay in place', async () => {
    expect((await readGraphFacts(`${modelFolder('tiny-llama-concat')}/onnx/model.onnx`)).sharesCache).toBe(false);
  });

  it.each([
    ['a matrix once: it is packed, and then dropped', 'MatMul', ['x', 'w'], 1, 400],
    ['an embedding once', 'Gather', ['w', 'x'], 1, 400],
    ['half precision as single', 'MatMul', ['x', 'w'], 10, 400],
    ['four bits as a half byte', 'MatMul', ['x', 'w'], 22, 50],
    ['the scales of a packed matrix thrice', 'MatMulNBits', ['x', 'q', 'w'], 1, 1200],
  ])('counts %s', async (_, operator, inputs, type, bytes) => {
    expect((await facts(graph(node(operator, inputs), weight('w', type, [10, 10])))).weights).toBe(bytes);
  });

  it('counts a matrix twice that is packed for one and kept for another', async () => {
    const shared = graph(node('MatMul', ['x', 'w']), node('Gather', ['w', 'x']), weight('w', 1, [10, 10]));
    expect((await facts(shared)).weights).toBe(800);
  });

  it.each([
    ['no table that is read by rows where it lies', node('Gather', ['w', 'x']), 0],
    ['a matrix, which is packed', node('MatMul', ['x', 'w']), 400],
    ['anything else, which is read as a whole', node('Add', ['x', 'w']), 400],
  ])('counts of a file beside it %s', async (_, use, bytes) => {
    const beside = field(5, [...number(1, 100), ...number(2, 1), ...field(8, 'w'), ...number(14, 1)]);
    expect((await facts(graph(use, beside))).weights).toBe(bytes);
  });

  it('is found between weights that are stepped over', async () => {
    const large = new Uint8Array(300_000).fill(255);
    const { weights, sharesCache } = await facts(
      graph(
        weight('first', 1, [75_000], large),
        weight('small', 1, [2], new Uint8Array(8)),
        weight('second', 1, [75_000], large),
        node('MatMul', ['x', 'first']),
        node('Add', ['second', 'small']),
        node('GroupQueryAttention', ['x']),
      ),
    );
    expect({ weights, sharesCache }).toEqual({ weights: 600_008, sharesCache: true });
  });

  it.each([
    ['is empty', []],
    ['is text', [...new TextEncoder().encode('{"not": "a model"}')]],
    ['ends too early', graph(weight('w', 1, [10, 10], new Uint8Array(400))).slice(0, -1)],
    ['holds no graph', number(1, 10)],
  ])('is that it is damaged where it %s', async (_, bytes) => {
    await expect(facts(bytes)).rejects.toThrow(/^Expected .+model\.onnx to be whole, found it damaged \(.+\): copy/);
  });
});
