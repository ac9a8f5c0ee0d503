import { describe, expect, it } from 'vitest';
import { Unwrapper } from '../../../src/backends/openai/unwrapper.ts';

const unwrapped = (pieces: readonly string[], cut = false): string => {
  const unwrapper = new Unwrapper();
  return pieces.map((piece) => unwrapper.push(piece)).join('') + unwrapper.end(cut);
};

/** The text in two pieces, at every place, and letter by letter. */
const splits = (text: string): readonly (readonly string[])[] => [
  ...Array.from(text, (_, place) => [text.slice(0, place), text.slice(place)]),
  text.split(''),
];

describe('Unwrapper', () => {
  it.each([
    ['{"answer":"blue"}', '"blue"'],
    ['{"answer": [1, {"a": {}}]}', '[1, {"a": {}}]'],
    [' { "answer" : {"answer": {}} } \n', '{"answer": {}}'],
    ['```json\n{"answer": "a } b"}\n```', '"a } b"'],
    ['{"answer":"`` } "}', '"`` } "'],
    ['{"answer": 5}', '5'],
    ['{"other": 5}', '{"other": 5}'],
    ['{}', '{}'],
    ['"blue"', '"blue"'],
    ['The answer is {"answer": "blue"}', 'The answer is {"answer": "blue"}'],
    [`{${' '.repeat(50)}"answer": 1}`, '1'],
    ['', ''],
  ])('makes of %j the text %j, however it comes', (text, expected) => {
    for (const pieces of splits(text)) expect(unwrapped(pieces), JSON.stringify(pieces)).toBe(expected);
  });

  it.each([
    ['{"answer": [{"a": {}}', '[{"a": {}}'],
    ['{"answer": {"a": {}}', '{"a": {}}'],
    ['{"answer": "a}', '"a}'],
  ])('takes nothing off the answer %j, which is cut off', (text, expected) => {
    for (const pieces of splits(text)) expect(unwrapped(pieces, true)).toBe(expected);
  });

  it.each([
    ['{"answer": "blue"}', '"blue"'],
    ['{"answer": {"a": {}}}', '{"a": {}}'],
    ['{"answer": 5}\n', '5'],
  ])('takes the closing off the answer %j, which is whole though its end came at the last token', (text, expected) => {
    for (const pieces of splits(text)) expect(unwrapped(pieces, true)).toBe(expected);
  });

  it('shows what it can at once', () => {
    const unwrapper = new Unwrapper();
    expect(['{"answer": ', '"bl', 'ue" ', '}'].map((piece) => unwrapper.push(piece))).toEqual(['', '"bl', 'ue"', '']);
  });
});
