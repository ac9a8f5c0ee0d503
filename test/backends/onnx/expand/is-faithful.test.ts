import { describe, expect, it } from 'vitest';
import { isFaithful } from '../../../../src/backends/onnx/expand/is-faithful.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';

const random = randomNumbers(7);
const scores = Float32Array.from({ length: 1000 }, () => 20 * random() - 10);
const near = scores.map((score) => score + random() / 2);
const far = scores.map((score) => score / 2 + 10 * random());

describe('isFaithful', () => {
  it('tells scores that are rounded otherwise from others', async () => {
    expect(
      await isFaithful(
        async () => near,
        async () => scores,
      ),
    ).toBe(true);
    expect(
      await isFaithful(
        async () => far,
        async () => scores,
      ),
    ).toBe(false);
  });

  it('finds no likeness in scores that are all the same, or no numbers', async () => {
    expect(
      await isFaithful(
        async () => new Float32Array(1000),
        async () => scores,
      ),
    ).toBe(false);
    expect(
      await isFaithful(
        async () => new Float32Array(1000).fill(Number.NaN),
        async () => scores,
      ),
    ).toBe(false);
  });

  it('compares the scores of one run with those of the other, where both are written to the same memory', async () => {
    const memory = new Float32Array(1000);
    const write = (numbers: Float32Array) => async () => {
      memory.set(numbers);
      return memory;
    };
    expect(await isFaithful(write(far), write(scores))).toBe(false);
  });
});
