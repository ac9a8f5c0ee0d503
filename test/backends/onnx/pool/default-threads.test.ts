import { describe, expect, it } from 'vitest';
import { defaultThreads } from '../../../../src/backends/onnx/pool/default-threads.ts';

describe('the threads of a model that nobody gave any', () => {
  it.each([
    [1, [1, 1, 1, 1]],
    [2, [2, 1, 1, 1]],
    [4, [3, 1, 1, 1]],
    [8, [6, 3, 2, 1]],
    [16, [8, 4, 2, 2]],
    [64, [8, 4, 2, 2]],
  ])('on %d cores are, alone and as the second, third and fourth, %j', (cores, threads) => {
    expect([1, 2, 3, 4].map((models) => defaultThreads(cores, models))).toEqual(threads);
  });
});
