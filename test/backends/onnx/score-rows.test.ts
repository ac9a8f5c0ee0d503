import { describe, expect, it } from 'vitest';
import { scoreRows } from '../../../src/backends/onnx/score-rows.ts';

const vocabulary = 2;

/** Scores of some places as a run gives them: 100 for each place, 10 for each row, 1 for each token. */
const raw = (first: number, places: number, each: number) => {
  const numbers = Float32Array.from({ length: places * each * vocabulary }, (_, index) => {
    const row = Math.floor(index / vocabulary);
    return 100 * (first + Math.floor(row / each)) + 10 * (row % each) + (index % vocabulary);
  });
  return { numbers, first, each };
};

const work = (slot: number, keep: number) => ({ slot, keep, from: 0, ids: [] });

describe('scoreRows', () => {
  it('gives the last rows of one place', () => {
    expect([...scoreRows(raw(3, 1, 4), [work(3, 1)], vocabulary)]).toEqual([330, 331]);
    expect([...scoreRows(raw(3, 1, 4), [work(3, 3)], vocabulary)]).toEqual([310, 311, 320, 321, 330, 331]);
    expect([...scoreRows(raw(3, 1, 4), [work(3, 0)], vocabulary)]).toEqual([]);
  });

  it('leaves out the places that rode along', () => {
    const works = [work(2, 1), work(3, 1), work(6, 1)];
    expect([...scoreRows(raw(2, 5, 1), works, vocabulary)]).toEqual([200, 201, 300, 301, 600, 601]);
  });

  it('reads half precision from bits', () => {
    const numbers = Uint16Array.of(0x3c00, 0xc000, 0x0000, 0x3800);
    const scores = scoreRows({ numbers, first: 0, each: 1 }, [work(0, 1), work(1, 1)], vocabulary);
    expect(scores).toBeInstanceOf(Float32Array);
    expect([...scores]).toEqual([1, -2, 0, 0.5]);
  });

  it('takes half precision as it is where the platform knows it', () => {
    const numbers = Object.setPrototypeOf([1.5, -2], { subarray: () => {} }) as Uint16Array;
    expect([...scoreRows({ numbers, first: 0, each: 1 }, [work(0, 1)], vocabulary)]).toEqual([1.5, -2]);
  });
});
