import { run, VerificationError } from 'millrace';
import { type ScriptedBackend, scripted } from 'millrace/testing';
import { describe, expect, it } from 'vitest';
import { verification } from '../../examples/verify.ts';

const source = 'Lego was founded in Denmark in 1932 by a carpenter.';

const result = (small: ScriptedBackend, large: ScriptedBackend) => {
  const seen: { values: unknown[]; error?: unknown; reasons: string[] } = { values: [], reasons: [] };
  const running = run(verification.workflow({ small, large }), source);
  running.events.subscribe((event) => event.type === 'reject' && seen.reasons.push(event.reason));
  running.subscribe({ next: (value) => seen.values.push(value), error: (error) => (seen.error = error) });
  return seen;
};

describe('verify', () => {
  it('lets a sentence pass whose facts stand in the text', () => {
    const small = scripted('Lego was founded in 1932.');
    const { values, reasons } = result(small, scripted('["Lego", "1932"]'));
    expect(values).toEqual(['Lego was founded in 1932.']);
    expect(reasons).toEqual([]);
    expect(small.requests).toHaveLength(1);
  });

  it('sends a sentence back with the reason, and checks the repaired one', () => {
    const small = scripted((_, index) => (index === 0 ? 'Lego was founded in 1950.' : 'Lego was founded in 1932.'));
    const large = scripted((_, index) => (index === 0 ? '["Lego", "1950"]' : '["Lego", "1932"]'));
    const { values, reasons } = result(small, large);
    expect(values).toEqual(['Lego was founded in 1932.']);
    expect(reasons).toEqual(['leave out 1950']);
    const repair = small.requests[1]?.messages[0]?.content ?? '';
    expect(repair).toContain(source);
    expect(repair).toContain('leave out 1950');
    expect(large.requests).toHaveLength(2);
  });

  it('takes whole words: 193 is not 1932', () => {
    const { reasons } = result(scripted('It was in 193.'), scripted('["193"]'));
    expect(reasons[0]).toBe('leave out 193');
  });

  it('does not blame a sentence for what only the check mentions', () => {
    const { values } = result(scripted('Lego was founded in 1932.'), scripted('["Lego", "Hans Christian Andersen"]'));
    expect(values).toEqual(['Lego was founded in 1932.']);
  });

  it('gives up with the last sentence and every reason', () => {
    const { values, error } = result(scripted('It was 1950.'), scripted('["1950"]'));
    expect(values).toEqual([]);
    expect(error).toBeInstanceOf(VerificationError);
    expect(error).toMatchObject({ value: 'It was 1950.', reasons: Array(4).fill('leave out 1950') });
  });
});
