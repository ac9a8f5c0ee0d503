import type { FinishEvent } from 'millrace';
import { describe, expect, it } from 'vitest';
import { figuresOf, showDuration, showFigures, showRate } from '../../../examples/terminal/figures.ts';

const finish = (output: number, firstToken: number, total: number, constraint: FinishEvent['constraint'] = 'none') =>
  figuresOf('write', {
    type: 'finish',
    request: 'request-1',
    attempt: 1,
    reason: 'stop',
    messages: [],
    usage: { input: 120, cached: 0, output },
    timing: { queue: 0, load: 0, firstToken, total },
    served: { backend: 'small', model: 'a-model', location: 'device', executionProvider: 'cpu' },
    constraint,
  });

describe('figures', () => {
  it('counts the rate from the first token on', () => {
    expect(finish(21, 500, 1500)).toEqual({
      step: 'write',
      model: 'a-model',
      input: 120,
      output: 21,
      firstToken: 500,
      total: 1500,
      rate: 20,
      constraint: 'none',
    });
  });

  it.each([
    [1, 500, 500],
    [0, 500, 500],
    [4, 500, 900],
    [5, 500, 502],
  ])('has no rate for %i tokens, the first after %i ms and the last after %i ms', (output, firstToken, total) => {
    expect(finish(output, firstToken, total)).not.toHaveProperty('rate');
  });

  it('fits in a line', () => {
    expect(showFigures(finish(21, 500, 1500, 'enforced'))).toBe(
      '21 tokens in 1.5 s · first after 500 ms · 20 tokens/s · schema enforced',
    );
    expect(showFigures(finish(1, 90.4, 90.4))).toBe('1 token in 90 ms · first after 90 ms');
  });

  it('shows durations and rates as a reader takes them in', () => {
    expect([0, 12.6, 999.4, 999.6, 61_230].map(showDuration)).toEqual(['0 ms', '13 ms', '999 ms', '1.0 s', '61.2 s']);
    expect([undefined, 2.449, 9.96, 71.5].map(showRate)).toEqual(['–', '2.4', '10', '72']);
  });
});
