import { describe, expect, it } from 'vitest';
import { checkRequest } from '../../src/runtime/check-request.ts';

const request = { id: 'r', messages: [{ role: 'user', content: 'x' }] } as const;
const tools = [{ name: 'search', parameters: {}, execute: () => 1 }];

describe('checkRequest', () => {
  it('gives plain data without what is undefined', () => {
    expect(checkRequest({ ...request, seed: undefined as never, tools })).toEqual({
      ...request,
      tools: [{ name: 'search', parameters: {} }],
    });
  });

  it.each([undefined, {}, { id: 'r', messages: 'x' }, { id: 'r', messages: [] }])('refuses %j', (nothing) => {
    expect(() => checkRequest(nothing as never)).toThrow(/^Expected the `messages` of a request to be a list/);
  });

  it.each([
    [{ messages: [{ role: 'bot', content: 'x' }] }, /^Expected the role of a message/],
    [{ frequencyPenalty: 1 }, /^Expected a request of id, .+, received `frequencyPenalty`, which is not honoured$/],
    [{ topP: 2 }, /^Expected `topP` to be a number above 0/],
    [{ priority: Number.NaN }, /^Expected `priority`/],
    [{ toolChoice: 'required' }, /^Expected `tools` for a `toolChoice` of "required", received none$/],
    [{ tools, toolChoice: { name: 'find' } }, /^Expected `toolChoice` to name one of the tools "search", received/],
  ])('refuses %j', (fields, message) => {
    expect(() => checkRequest({ ...request, ...(fields as object) })).toThrow(message);
  });

  it.each([
    { tools, toolChoice: { name: 'search' } },
    { toolChoice: 'none' },
    { tools, toolChoice: 'required' },
  ] as const)('takes %j', (fields) => {
    expect(() => checkRequest({ ...request, ...fields })).not.toThrow();
  });
});
