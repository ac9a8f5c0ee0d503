import { describe, expect, it } from 'vitest';
import { Shown } from '../../../src/operators/parts/shown.ts';

const of = { request: 'r', attempt: 1 } as const;

describe('Shown', () => {
  it('knows the text that stands, and what takes it back', () => {
    const shown = new Shown();
    expect([shown.nothing, shown.text]).toEqual([true, '']);
    shown.see({ ...of, type: 'token', text: 'a' });
    shown.see({ ...of, type: 'token', text: 'b', request: 's', attempt: 2 });
    expect([shown.nothing, shown.text, shown.attempt]).toEqual([false, 'ab', 2]);
    expect(shown.retracts).toMatchObject([
      { type: 'retract', request: 'r' },
      { type: 'retract', request: 's' },
    ]);
  });

  it('forgets with a retract what the answer had called, and since when its text stood', () => {
    const shown = new Shown();
    shown.see({ ...of, type: 'token', text: 'a' });
    shown.see({ ...of, type: 'tool-call-delta', index: 0, arguments: '' });
    expect([shown.called, typeof shown.since]).toEqual([true, 'number']);
    shown.see({ ...of, type: 'retract' });
    expect(shown).toMatchObject({ nothing: true, text: '', called: false, since: undefined });
  });

  it('takes a value that is no event for one that stays', () => {
    const shown = new Shown();
    shown.see('a');
    expect(shown).toMatchObject({ nothing: false, final: true, text: 'a', retracts: [] });
  });
});
