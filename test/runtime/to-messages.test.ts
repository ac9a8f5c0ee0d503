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
    [[], 'an array of 0'],
    [null, 'null'],
    [undefined, 'undefined'],
    [1, '1'],
    [{ role: 'user', content: 'x' }, 'an object with the keys role, content'],
    [Promise.resolve('x'), 'a promise'],
  ])('refuses %j', (prompt, received) => {
    expect(() => toMessages(prompt as never)).toThrow(`a list of at least one message, received ${received}`);
  });

  it('refuses a conversation with a message that is none', () => {
    expect(() => toMessages([{ role: 'user', content: 7 }] as never)).toThrow('the content of a message');
  });
});
