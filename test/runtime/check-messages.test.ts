import { describe, expect, it } from 'vitest';
import { checkMessages } from '../../src/runtime/check-messages.ts';

const call = { id: 'c', name: 'look', arguments: {} };

describe('checkMessages', () => {
  it('takes a message of each role', () => {
    expect(() =>
      checkMessages([
        { role: 'system', content: '' },
        { role: 'user', content: 'Look.' },
        { role: 'assistant', content: '', toolCalls: [call] },
        { role: 'tool', content: 'seen', toolCallId: 'c' },
        { role: 'assistant', content: 'I see.' },
      ]),
    ).not.toThrow();
  });

  it.each([
    [null, 'Expected the role of a message to be one of system, user, assistant, tool, received undefined'],
    ['Look.', 'Expected the role of a message to be one of system, user, assistant, tool, received undefined'],
    [{ role: 'bot', content: 'x' }, 'Expected the role of a message to be one of .+, received "bot"'],
    [{ role: 'user' }, 'Expected the content of a message to be a string, received undefined'],
    [{ role: 'user', content: [{ type: 'text', text: 'x' }] }, 'to be a string, received an array of 1'],
    [{ role: 'assistant', content: null, toolCalls: [call] }, 'to be a string, received null'],
    [
      { role: 'assistant', content: '', toolCalls: call },
      'Expected the `toolCalls` of a message to be a list, received',
    ],
    [{ role: 'tool', content: 'x', tool_call_id: 'c' }, 'Expected the `toolCallId` of a message of a tool to be'],
  ])('refuses %j', (message, complaint) => {
    expect(() => checkMessages([{ role: 'user', content: 'x' }, message as never])).toThrow(new RegExp(complaint));
  });
});
