import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { atLeast, atMost, makeReport } from '../../bench/report.ts';

const row = { bench: 'local', case: 'per token', ours: 8, peer: 10, peerName: 'a peer', unit: 'ms' };

describe('a report of the benches', () => {
  const printed: string[] = [];

  beforeEach(() => {
    vi.spyOn(console, 'log').mockImplementation((line) => printed.push(line));
  });

  afterEach(() => {
    printed.length = 0;
    vi.restoreAllMocks();
  });

  it('prints one object a line, with the ratio and without the bar', () => {
    makeReport(true)({ ...row, bar: atMost(0.9, 'ratio') });
    expect(printed.map((line) => JSON.parse(line))).toEqual([{ ...row, ratio: 0.8 }]);
  });

  it('has no ratio to a peer that is absent or has nothing', () => {
    const report = makeReport(true);
    report({ ...row, peer: null, peerName: null });
    report({ ...row, peer: 0 });
    expect(printed.map((line) => JSON.parse(line).ratio)).toEqual([null, null]);
  });

  it.each([
    [atMost(0.8, 'ratio'), 'bar ≤ 0.8: met'],
    [atMost(0.79, 'ratio'), 'bar ≤ 0.79: missed'],
    [atLeast(0.81, 'ratio'), 'bar ≥ 0.81: missed'],
    [atMost(8, 'ours'), 'bar ours ≤ 8: met'],
  ])('tells people whether a bar is met: %o', (bar, words) => {
    makeReport(false)({ ...row, bar });
    expect(printed.at(-1)).toContain(words);
  });

  it('shows people three digits, and no less of a large number', () => {
    makeReport(false)({ ...row, ours: 0.01234, peer: 20_000 });
    expect(printed.at(-1)).toContain('ours 0.0123 ms');
    expect(printed.at(-1)).toContain('a peer 20000');
  });

  it('does not take a figure that could not be measured for one that meets its bar', () => {
    makeReport(false)({ ...row, ours: Number.NaN, bar: atMost(5, 'ours') });
    expect(printed.at(-1)).toContain('missed');
  });
});
