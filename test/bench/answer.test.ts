import { describe, expect, it } from 'vitest';
import { firstToken, perToken } from '../../bench/sides/answer.ts';

const answer = { start: 100, times: [150, 160, 190], end: 195, first: '', input: 10, tokens: 5, cached: 0 };

describe('the times of an answer', () => {
  it('counts the first token from the question', () => {
    expect(firstToken(answer)).toBe(50);
  });

  it('divides the time from the first piece to the last by the tokens behind the first piece', () => {
    expect(perToken(answer)).toBe(10);
    expect(perToken(answer, 3)).toBe(20);
  });

  it('has no time where nothing came', () => {
    expect(firstToken({ ...answer, times: [] })).toBeNaN();
    expect(perToken({ ...answer, times: [] })).toBeNaN();
  });
});
