import { describe, expect, it } from 'vitest';
import { type GraphValue, readGraphLayout } from '../../../src/backends/onnx/graph-layout.ts';
import { ModelError } from '../../../src/backends/onnx/model-error.ts';

const integers = (name: string): GraphValue => ({ name, type: 'int64', shape: ['batch', 'length'] });
const cache = (name: string, shape: readonly (number | string)[] = ['batch', 2, 'past', 32]): GraphValue => ({
  name,
  type: 'float32',
  shape,
});
const logits = (width: number | string = 2048, type = 'float32') => ({
  name: 'logits',
  type,
  shape: ['batch', 'length', width],
});
const keep = (shape: readonly number[] = []) => ({ name: 'num_logits_to_keep', type: 'int64', shape });

const key = 'past_key_values.0.key';
const inputs = [integers('input_ids'), integers('attention_mask'), cache(key)];
const outputs = [logits(), cache('present.0.key')];
const half = [{ ...cache(key), type: 'float16' }];

describe('readGraphLayout', () => {
  it('reads what a graph wants and gives', () => {
    expect(readGraphLayout(inputs, outputs, {})).toEqual({
      attentionMask: true,
      positionIds: false,
      caches: [{ input: key, output: 'present.0.key', type: 'float32', heads: 2, size: 32 }],
      vocabulary: 2048,
      scores: 'float32',
      chunk: 192,
    });
  });

  it('asks for nothing that a graph does not want', () => {
    const least = readGraphLayout([integers('input_ids'), cache(key)], outputs, {});
    expect(least).toMatchObject({ attentionMask: false, positionIds: false });
    expect(least).not.toHaveProperty('logitsToKeep');
  });

  it.each([
    [[], []],
    [[1], [1]],
  ])('takes positions, and a count of scores of the shape %j, where the graph asks for them', (shape, wanted) => {
    const layout = readGraphLayout([...inputs, integers('position_ids'), keep(shape)], outputs, {});
    expect(layout).toMatchObject({ positionIds: true, logitsToKeep: wanted });
  });

  it('reads half precision of the cache and of the scores, each on its own', () => {
    const mixed = readGraphLayout([...inputs.slice(0, 2), ...half], outputs, {});
    expect([mixed.caches[0]?.type, mixed.scores]).toEqual(['float16', 'float32']);
    const other = readGraphLayout(inputs, [logits(2048, 'float16'), cache('present.0.key')], {});
    expect([other.caches[0]?.type, other.scores]).toEqual(['float32', 'float16']);
  });

  it('takes any number of layers, of unlike shapes', () => {
    const layers = Array.from({ length: 40 }, (_, layer) => layer);
    const shape = (layer: number) => ['batch', 1 + layer, 'past', 64];
    const many = layers.map((layer) => cache(`past_key_values.${layer}.value`, shape(layer)));
    const next = layers.map((layer) => cache(`present.${layer}.value`, shape(layer)));
    const { caches } = readGraphLayout([...inputs, ...many], [...outputs, ...next], {});
    expect(caches).toHaveLength(41);
    expect(caches.at(-1)).toMatchObject({ output: 'present.39.value', heads: 40, size: 64 });
  });

  it('asks config.json where the graph leaves sizes open', () => {
    const open = [integers('input_ids'), cache(key, ['batch', 'heads', 'past', 'size'])];
    const config = { num_attention_heads: 8, hidden_size: 512, vocab_size: 100 };
    const read = (more: object) =>
      readGraphLayout(open, [logits('vocabulary'), cache('present.0.key')], { ...config, ...more });
    expect(read({}).caches[0]).toMatchObject({ heads: 8, size: 64 });
    expect(read({ num_key_value_heads: 2, head_dim: 128 }).caches[0]).toMatchObject({ heads: 2, size: 128 });
    expect(read({}).vocabulary).toBe(100);
  });

  it('computes fewer tokens at once where each of them has very many scores', () => {
    const chunk = (width: number, more: readonly GraphValue[] = []) =>
      readGraphLayout([...inputs, ...more], [logits(width), cache('present.0.key')], {}).chunk;
    expect(chunk(262_144)).toBe(64);
    expect(chunk(400_000)).toBe(41);
    expect(chunk(4_000_000)).toBe(16);
    expect(chunk(4_000_000, [keep()])).toBe(192);
  });

  it.each([
    [
      'an unknown input',
      [...inputs, integers('token_type_ids')],
      outputs,
      'an input `token_type_ids`, which Millrace does not know',
    ],
    ['no ids', inputs.slice(1), outputs, 'no `input_ids`'],
    ['no scores', inputs, outputs.slice(1), 'no `logits`'],
    ['no cache', inputs.slice(0, 2), outputs, 'no cache inputs `past_key_values.*`'],
    ['no continuation of a cache', inputs, outputs.slice(0, 1), `no \`present.0.key\` to continue \`${key}\``],
    [
      'ids of another type',
      [{ ...integers('input_ids'), type: 'int32' }, ...inputs.slice(1)],
      outputs,
      '`input_ids` of type int32',
    ],
    [
      'a mask of another type',
      [...inputs, { ...integers('position_ids'), type: 'float32' }],
      outputs,
      '`position_ids` of type float32',
    ],
    ['scores of another type', inputs, [logits(2048, 'bfloat16'), outputs[1]], '`logits` of type bfloat16'],
    [
      'scores of no known width',
      inputs,
      [logits('vocabulary'), outputs[1]],
      'scores of unknown width: config.json has no vocab_size',
    ],
    [
      'a cache of another type',
      [...inputs.slice(0, 2), { ...cache(key), type: 'int8' }],
      outputs,
      `a cache \`${key}\` of type int8`,
    ],
    [
      'caches of several types',
      [...inputs, { ...cache('past_key_values.0.value'), type: 'float16' }],
      [...outputs, cache('present.0.value')],
      'caches of several types',
    ],
    [
      'a cache of another shape',
      [...inputs.slice(0, 2), cache(key, ['batch', 'past', 64])],
      outputs,
      `a cache \`${key}\` of shape [batch, past, 64]`,
    ],
    [
      'a cache of sizes that nothing tells',
      [...inputs.slice(0, 2), cache(key, ['batch', 'heads', 'past', 'size'])],
      outputs,
      `a cache \`${key}\` of shape [batch, heads, past, size]`,
    ],
  ] as [string, GraphValue[], GraphValue[], string][])('refuses a graph with %s', (_, wanted, given, found) => {
    const read = (config: { model_type?: string }) => () => readGraphLayout(wanted, given, config);
    const expected =
      'Expected a decoder for text with the inputs input_ids, attention_mask, position_ids, num_logits_to_keep and past_key_values.*';
    expect(read({ model_type: 'odd' })).toThrow(
      new ModelError(`${expected}, found ${found}: an export of odd like this one is not supported`),
    );
    expect(read({})).toThrow(`${expected}, found ${found}: an export like this one is not supported`);
  });
});
