import { describe, expect, it } from 'vitest';
import { firstToken, perToken } from '../../bench/sides/answer.ts';

const answer = {
  start: 100,
  times: [150, 160, 190],
  end: 195,
  pieces: ['a', 'b', 'c'],
  input: 10,
  tokens: 5,
  cached: 0,
};

describe('the times of an answer', () => {
  it('counts the first token from the question', () => {
    expect(firstToken(answer)).toBe(50);
  });

  it('divides the time from a piece to the last by the tokens behind it', () => {
    expect(perToken(answer)).toBe(10);
    expect(perToken(answer, 1, 3)).toBe(15);
  });

  it('has no time where nothing came', () => {
    expect(firstToken({ ...answer, times: [], pieces: [] })).toBeNaN();
    expect(perToken({ ...answer, times: [], pieces: [] })).toBeNaN();
  });
});
