import { describe, expect, it } from 'vitest';
import { planCache } from '../../../src/backends/onnx/cache-plan.ts';

describe('planCache', () => {
  it('keeps 1,536 tokens for each of eight places, or one request as long as the model allows', () => {
    expect(planCache(2048)).toEqual({ slots: 8, tokens: 12_288, prefixTokens: 3072 });
    expect(planCache(20_000)).toMatchObject({ tokens: 20_000, prefixTokens: 5000 });
  });

  it('keeps no more than 32,768 where a model allows any length', () => {
    expect(planCache(131_072).tokens).toBe(32_768);
    expect(planCache(Number.POSITIVE_INFINITY).tokens).toBe(32_768);
  });

  it('takes another number of tokens', () => {
    expect(planCache(131_072, 1001)).toMatchObject({ tokens: 1001, prefixTokens: 251 });
  });
});
