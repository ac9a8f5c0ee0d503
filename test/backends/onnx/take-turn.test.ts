import { describe, expect, it } from 'vitest';
import { patience, takeTurn, type Waiting } from '../../../src/backends/onnx/take-turn.ts';

type Member = Waiting & { readonly name: string };
const member = (name: string, priority = 0): Member => ({ name, priority, passed: 0 });

describe('takeTurn', () => {
  it('has nobody to give an empty line', () => {
    expect(takeTurn([])).toBeUndefined();
  });

  it('takes the first of the highest priority', () => {
    const line = [member('a'), member('b', 2), member('c', 2), member('d', -1)];
    expect(takeTurn(line)?.name).toBe('b');
    expect(takeTurn([member('e', -2), member('f', -1)])?.name).toBe('f');
  });

  it('counts who was passed, and nobody else', () => {
    const line = [member('a'), member('b'), member('c', 1), member('d')];
    takeTurn(line);
    expect(line.map(({ passed }) => passed)).toEqual([1, 1, 0, 0]);
  });

  it('passes nobody more often than its patience allows', () => {
    const one = member('patient');
    const turns = Array.from({ length: patience + 1 }, () => takeTurn([one, member('urgent', 9)])?.name);
    expect(turns).toEqual([...Array(patience).fill('urgent'), 'patient']);
    expect(one.passed).toBe(0);
  });

  it('lets the first go where several were passed often enough', () => {
    const line = [member('a'), member('b'), member('urgent', 9)];
    const turns = Array.from({ length: patience + 2 }, () => {
      const next = takeTurn(line) as Member;
      if (next.name !== 'urgent') line.splice(line.indexOf(next), 1);
      return next.name;
    });
    expect(turns.slice(patience)).toEqual(['a', 'b']);
  });
});
