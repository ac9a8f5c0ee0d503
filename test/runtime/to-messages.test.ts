import { describe, expect, it } from 'vitest';
import { toMessages } from '../../src/runtime/to-messages.ts';

describe('toMessages', () => {
  it('takes a string for one message of the user', () => {
    expect(toMessages('')).toEqual([{ role: 'user', content: '' }]);
  });

  it('takes a conversation as it is', () => {
    const conversation = [{ role: 'system', content: 'Be brief.' }] as const;
    expect(toMessages(conversation)).toBe(conversation);
  });

  it.each([
    [[], 'an empty array'],
    [null, 'null'],
    [undefined, 'undefined'],
    [1, 'number'],
    [{ role: 'user', content: 'x' }, 'object'],
  ])('refuses %j', (prompt, received) => {
    expect(() => toMessages(prompt as never)).toThrow(`a list of at least one message, received ${received}`);
  });
});
