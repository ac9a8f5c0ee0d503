import { describe, expect, it } from 'vitest';
import { type GraphValue, readGraphLayout } from '../../../src/backends/onnx/graph-layout.ts';

const integers = (name: string): GraphValue => ({ name, type: 'int64', shape: ['batch', 'length'] });
const cache = (name: string, shape: readonly (number | string)[] = ['batch', 2, 'past', 32]): GraphValue => ({
  name,
  type: 'float32',
  shape,
});

const inputs = [integers('input_ids'), integers('attention_mask'), cache('past_key_values.0.key')];
const outputs = [{ name: 'logits', type: 'float32', shape: ['batch', 'length', 2048] }, cache('present.0.key')];

describe('readGraphLayout', () => {
  it('reads what a graph wants and gives', () => {
    expect(readGraphLayout(inputs, outputs, {})).toEqual({
      attentionMask: true,
      positionIds: false,
      caches: [{ input: 'past_key_values.0.key', output: 'present.0.key', type: 'float32', heads: 2, size: 32 }],
      vocabulary: 2048,
      chunk: 512,
    });
  });

  it('takes positions and the count of scores where the graph asks for them', () => {
    const keep = { name: 'num_logits_to_keep', type: 'int64', shape: [] };
    const layout = readGraphLayout([...inputs, integers('position_ids'), keep], outputs, {});
    expect(layout).toMatchObject({ positionIds: true, logitsToKeep: [], chunk: 512 });
  });

  it('takes any number of layers', () => {
    const layers = Array.from({ length: 40 }, (_, layer) => layer);
    const many = layers.map((layer) => cache(`past_key_values.${layer}.value`));
    const next = layers.map((layer) => cache(`present.${layer}.value`));
    expect(readGraphLayout([...inputs, ...many], [...outputs, ...next], {}).caches).toHaveLength(41);
  });

  it('asks config.json where the graph leaves sizes open', () => {
    const open = [integers('input_ids'), cache('past_key_values.0.key', ['batch', 'heads', 'past', 'size'])];
    const config = { num_attention_heads: 8, hidden_size: 512, vocab_size: 100 };
    const logits = [{ name: 'logits', shape: ['batch', 'length', 'vocabulary'] }, cache('present.0.key')];
    const read = (more: object) => readGraphLayout(open, logits, { ...config, ...more });
    expect(read({}).caches[0]).toMatchObject({ heads: 8, size: 64 });
    expect(read({ num_key_value_heads: 2, head_dim: 128 }).caches[0]).toMatchObject({ heads: 2, size: 128 });
    expect(read({}).vocabulary).toBe(100);
  });

  it('computes fewer tokens at once where each of them has very many scores', () => {
    const wide = [{ name: 'logits', shape: ['batch', 'length', 262_144] }, cache('present.0.key')];
    expect(readGraphLayout(inputs, wide, {}).chunk).toBe(64);
    const keep = { name: 'num_logits_to_keep', type: 'int64', shape: [] };
    expect(readGraphLayout([...inputs, keep], wide, {}).chunk).toBe(512);
  });

  it.each([
    ['an unknown input', [...inputs, integers('token_type_ids')], outputs, /found an input `token_type_ids`/],
    ['no cache', inputs.slice(0, 2), outputs, /found no cache inputs/],
    ['no ids', inputs.slice(1), outputs, /found no `input_ids`/],
    ['no scores', inputs, outputs.slice(1), /found no `logits`/],
    ['no continuation of a cache', inputs, outputs.slice(0, 1), /found no `present.0.key` to continue/],
    [
      'ids of another type',
      [{ ...integers('input_ids'), type: 'int32' }, ...inputs.slice(1)],
      outputs,
      /of type int32/,
    ],
    [
      'a cache of another type',
      [...inputs.slice(0, 2), { ...cache('past_key_values.0.key'), type: 'int8' }],
      outputs,
      /of type int8/,
    ],
    [
      'a cache of another shape',
      [...inputs.slice(0, 2), cache('past_key_values.0.key', ['batch', 'past', 64])],
      outputs,
      /of shape \[batch, past, 64\]/,
    ],
  ])('refuses a graph with %s', (_, wanted, given, message) => {
    expect(() => readGraphLayout(wanted, given, { model_type: 'odd' })).toThrow(message);
    expect(() => readGraphLayout(wanted, given, { model_type: 'odd' })).toThrow(
      /an export of odd like this one is not/,
    );
  });
});
