import { tool } from 'millrace';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { outcome } from '../support/outcome.ts';

const query = { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] } as const;

describe('tool', () => {
  it('keeps what a model is told about it', () => {
    const search = tool({ name: 'search', description: 'Finds.', parameters: query, execute: () => 'found' });
    expect(search).toMatchObject({ name: 'search', description: 'Finds.', parameters: query });
    expect(tool({ name: 'search', parameters: query, execute: () => 'found' })).not.toHaveProperty('description');
  });

  it('checks arguments against its parameters', () => {
    const search = tool({ name: 'search', parameters: query, execute: ({ query }) => query });
    expect(outcome(search.validate({ query: 'x' })).values).toEqual([{ valid: true, value: { query: 'x' } }]);
    expect(outcome(search.validate({ query: 1 })).values).toMatchObject([
      { valid: false, issues: [{ path: '/query' }] },
    ]);
  });

  it('takes the schema of a library, and tells the model its JSON Schema', () => {
    const search = tool({ name: 'search', parameters: z.object({ query: z.string() }), execute: ({ query }) => query });
    expect(search.parameters).toMatchObject({ type: 'object', properties: { query: { type: 'string' } } });
    expect(outcome(search.validate({ query: 1 })).values).toMatchObject([{ valid: false }]);
  });

  it.each<[object, string | RegExp]>([
    [{ name: '', parameters: query, execute: () => 1 }, "Expected a tool's name to be a string that is not empty"],
    [{ parameters: query, execute: () => 1 }, "Expected a tool's name to be a string that is not empty"],
    [{ name: 'a', parameters: query }, 'Expected `execute` to be a function, received undefined'],
    [{ name: 'a', parameters: query, execute: () => 1, descripton: 'b' }, 'received `descripton`'],
    [{ name: 'a', parameters: { type: 'sting' }, execute: () => 1 }, /schema/i],
    [{ name: 'a', parameters: query, execute: () => 1, idempotent: 'no' }, 'Expected `idempotent` to be true or false'],
    [{ name: 'a', execute: () => 1 }, /./],
  ])('refuses misuse when it is made (%#)', (specification, message) => {
    expect(() => tool(specification as never)).toThrow(message);
  });
});
