import { describe, expect, it } from 'vitest';
import { parseAnswer } from '../../../src/operators/parts/parse-answer.ts';

describe('parseAnswer', () => {
  it.each([
    ['{"a": 1}', { a: 1 }],
    [' [1, 2]\n', [1, 2]],
    ['"red"', 'red'],
    ['```json\n{"a": 1}\n```', { a: 1 }],
    ['```\n42\n```', 42],
    ['Here you are:\n```json\n[1]\n```\nIs that {all}?', [1]],
    ['```json\n{"a": "```"}\n```', { a: '```' }],
    ['The answer is {"a": {"b": "}"}}. Good luck!', { a: { b: '}' } }],
    ['Of the list [as asked]: {"a": 1}', { a: 1 }],
    ['It is "red".', 'red'],
  ])('finds the JSON in %j', (text, value) => {
    expect(parseAnswer(text, { search: true })).toEqual({ value });
  });

  it.each(['', 'red', '{"a": 1', '```json\n{"a": 1', 'one {two} [three]'])('finds none in %j', (text) => {
    expect(parseAnswer(text, { search: true })).toEqual({ problem: expect.stringMatching(/^is not JSON: /) });
  });

  it('takes the text for what it is where it is not to search', () => {
    expect(parseAnswer('{"a": 1}', { search: false })).toEqual({ value: { a: 1 } });
    expect(parseAnswer('It is {"a": 1}', { search: false })).toHaveProperty('problem');
  });

  it('does not search for long', () => {
    const start = performance.now();
    parseAnswer('`\n{['.repeat(100_000), { search: true });
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
