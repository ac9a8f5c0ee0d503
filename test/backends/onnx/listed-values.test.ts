import { describe, expect, it } from 'vitest';
import { listedValues } from '../../../src/backends/onnx/listed-values.ts';

describe('listedValues', () => {
  it.each([
    [{ enum: ['a', 'b', 3, null, true] }, ['a', 'b', 3, null, true]],
    [{ type: 'string', enum: ['a', 'b', 3] }, ['a', 'b']],
    [{ const: 'only' }, ['only']],
    [{ type: 'boolean' }, [true, false]],
    [{ type: ['boolean', 'null'] }, [true, false, null]],
    [{ anyOf: [{ const: 'a' }, { enum: ['b', 'a'] }] }, ['a', 'b']],
    [{ oneOf: [{ const: 'a' }, { const: 'b', title: 'B' }] }, ['a', 'b']],
    [{ allOf: [{ type: 'string' }, { enum: ['a', 1] }] }, ['a']],
    [{ $ref: '#/$defs/color', $defs: { color: { enum: ['red'] } } }, ['red']],
    [{ enum: ['a', 'bb', 'ccc'], minLength: 2, description: 'a word' }, ['bb', 'ccc']],
    [{ enum: [1, 2, 3], not: { const: 2 } }, [1, 3]],
  ])('reads the values of %j', (schema, values) => {
    expect(listedValues(schema)).toEqual(values);
  });

  it.each([
    true,
    {},
    { type: 'string' },
    { type: ['boolean', 'string'] },
    { enum: [] },
    { enum: ['a', { b: 1 }] },
    { enum: Array.from({ length: 65 }, (_, index) => index) },
    { anyOf: [{ const: 'a' }, { type: 'string' }] },
    { type: 'object', properties: { color: { enum: ['red'] } } },
    { $ref: '#' },
    { anyOf: [{ const: 'a' }, { $ref: '#' }] },
  ])('reads none of %j', (schema) => {
    expect(listedValues(schema)).toBeUndefined();
  });
});
