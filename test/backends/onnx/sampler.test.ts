import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/backends/onnx/random.ts';
import { Sampler } from '../../../src/backends/onnx/sampler.ts';

/** Scores of given probabilities. */
const scores = (...probabilities: readonly number[]) => Float32Array.from(probabilities, Math.log);

/** How often each index is drawn, as a share. */
const shares = (sampler: Sampler, of: Float32Array, mask?: Int32Array): number[] => {
  const draws = 20_000;
  const counts = new Array<number>(of.length).fill(0);
  for (let draw = 0; draw < draws; draw++) {
    const index = sampler.sample(of, mask);
    counts[index] = (counts[index] ?? 0) + 1 / draws;
  }
  return counts;
};

const closely = (actual: readonly number[], expected: readonly number[]) => {
  for (const [index, share] of expected.entries()) {
    if (share === 0) expect(actual[index]).toBe(0);
    else expect(Math.abs((actual[index] ?? 0) - share)).toBeLessThan(0.02);
  }
};

describe('Sampler', () => {
  const four = scores(0.5, 0.1, 0.3, 0.1);

  it('takes the likeliest token by default', () => {
    expect(shares(new Sampler({}), four)).toEqual([expect.closeTo(1), 0, 0, 0]);
    expect(new Sampler({ topK: 3, topP: 0.5, minP: 0.1 }).sample(scores(0.1, 0.9))).toBe(1);
  });

  it('draws by the probabilities at a temperature of 1', () => {
    closely(shares(new Sampler({ temperature: 1, seed: 1 }), four), [0.5, 0.1, 0.3, 0.1]);
  });

  it('sharpens below 1 and flattens above', () => {
    closely(shares(new Sampler({ temperature: 0.5, seed: 1 }), four), [0.694, 0.028, 0.25, 0.028]);
    closely(shares(new Sampler({ temperature: 1000, seed: 1 }), four), [0.25, 0.25, 0.25, 0.25]);
  });

  it('keeps the `topK` likeliest', () => {
    closely(shares(new Sampler({ temperature: 1, topK: 2, seed: 1 }), four), [0.625, 0, 0.375, 0]);
    closely(shares(new Sampler({ temperature: 1, topK: 1, seed: 1 }), four), [1, 0, 0, 0]);
  });

  it('keeps the likeliest that reach `topP`', () => {
    closely(shares(new Sampler({ temperature: 1, topP: 0.75, seed: 1 }), four), [0.625, 0, 0.375, 0]);
    closely(shares(new Sampler({ temperature: 1, topP: 0.4, seed: 1 }), four), [1, 0, 0, 0]);
  });

  it('takes `topP` of what `topK` leaves', () => {
    // Of the two that are left, the first alone has 0.625.
    closely(shares(new Sampler({ temperature: 1, topK: 2, topP: 0.6, seed: 1 }), four), [1, 0, 0, 0]);
  });

  it('keeps those at least `minP` times as likely as the likeliest', () => {
    closely(shares(new Sampler({ temperature: 1, minP: 0.5, seed: 1 }), four), [0.625, 0, 0.375, 0]);
  });

  it('finds the nucleus of a long and flat distribution', () => {
    const flat = new Float32Array(50_000).fill(0);
    flat[7] = 1e-3;
    const drawn = new Set<number>();
    const sampler = new Sampler({ temperature: 1, topP: 0.5, seed: 1 });
    for (let draw = 0; draw < 300; draw++) drawn.add(sampler.sample(flat));
    expect(drawn.size).toBeGreaterThan(250);
    expect(Math.max(...drawn)).toBeLessThan(25_010);
  });

  it('draws nothing that is masked, whatever the options', () => {
    const mask = Int32Array.of(0b1010);
    expect(new Sampler({}).sample(four, mask)).toBe(1);
    closely(shares(new Sampler({ temperature: 1, seed: 1 }), four, mask), [0, 0.5, 0, 0.5]);
    closely(shares(new Sampler({ temperature: 1, topP: 0.9, topK: 3, seed: 1 }), four, mask), [0, 0.5, 0, 0.5]);
  });

  it('reads every bit of a mask', () => {
    const many = Float32Array.from({ length: 70 }, (_, index) => index);
    for (const index of [0, 31, 32, 63, 64, 69]) {
      const mask = new Int32Array(3);
      mask[index >> 5] = 1 << (index & 31);
      expect(new Sampler({}).sample(many, mask)).toBe(index);
      expect(new Sampler({ temperature: 2, topP: 0.5 }).sample(many, mask)).toBe(index);
    }
  });

  it('draws the same with the same seed, and something else with another', () => {
    const draw = (seed: number) => {
      const sampler = new Sampler({ temperature: 1, seed });
      return Array.from({ length: 50 }, () => sampler.sample(four));
    };
    expect(draw(42)).toEqual(draw(42));
    expect(draw(42)).not.toEqual(draw(43));
    expect(draw(2 ** 40)).not.toEqual(draw(0));
  });

  it('refuses scores of which none is a number', () => {
    expect(() => new Sampler({}).sample(Float32Array.of(Number.NaN, Number.NaN))).toThrow(
      /found none among the scores/,
    );
    expect(() => new Sampler({}).sample(four, Int32Array.of(0))).toThrow(/found none among the scores/);
  });
});

describe('Random', () => {
  it('gives numbers from 0 to 1, evenly', () => {
    const random = new Random(7);
    const numbers = Array.from({ length: 10_000 }, () => random.next());
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
    expect(numbers.reduce((sum, one) => sum + one, 0) / numbers.length).toBeCloseTo(0.5, 1);
  });

  it('is unlike itself without a seed', () => {
    expect(new Random().next()).not.toBe(new Random().next());
  });
});
