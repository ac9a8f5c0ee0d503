import type { Message } from 'millrace';
import { describe, expect, it } from 'vitest';
import { TakenOver } from '../../../src/operators/parts/taken-over.ts';

const answered = (number: number): readonly Message[] => [
  { role: 'user', content: `What is ${number}?` },
  { role: 'assistant', content: 'A number.' },
];
const more: Message = { role: 'user', content: 'More.' };

describe('TakenOver', () => {
  it('knows a conversation that goes on, whatever the order of keys', () => {
    const known = new TakenOver();
    known.add(answered(1));
    expect(known.has([...answered(1), more])).toBe(true);
    expect(known.has([answered(1)[0] as Message, { content: 'A number.', role: 'assistant' }, more])).toBe(true);
    expect(known.has([...answered(2), more])).toBe(false);
    expect(known.has([more])).toBe(false);
    expect(known.has([...answered(1), more, { role: 'assistant', content: 'No.' }])).toBe(false);
  });

  it('forgets the oldest of a thousand', () => {
    const known = new TakenOver();
    for (let number = 1; number <= 1000; number++) known.add(answered(number));
    known.add(answered(1));
    known.add(answered(1001));
    expect([1, 2, 3, 1001].map((number) => known.has(answered(number)))).toEqual([true, false, true, true]);
  });
});
