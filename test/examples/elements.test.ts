import { type InferenceEvent, infer, TruncatedError } from 'millrace';
import { marbles, scripted } from 'millrace/testing';
import { of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { elements } from '../../examples/elements.ts';
import { obeysOperatorLaws } from '../support/operator-laws.ts';

const read = (...tokens: string[]) => {
  const seen: unknown[] = [];
  of('list')
    .pipe(infer(scripted(tokens)), elements())
    .subscribe((element) => seen.push(element));
  return seen;
};

describe('elements', () => {
  obeysOperatorLaws(
    () => elements(),
    (n): InferenceEvent => ({ type: 'token', request: `${n}`, attempt: 1, text: `[${n},` }),
  );

  it(
    'emits an element the moment it is whole',
    marbles(({ cold, expectObservable }) => {
      const answer = cold(' -a-b-c-d-|', { a: '["Nin', b: 'tendo",', c: ' "Nokia"', d: ']' });
      const expected = '    ---x---y-|';
      const names = of('list').pipe(infer(scripted(answer)), elements<string>());
      expectObservable(names).toBe(expected, { x: 'Nintendo', y: 'Nokia' });
    }),
  );

  it('reads numbers, objects and arrays within', () => {
    expect(read('[1, {"a": [2, 3]},', ' [4, [5]], null]')).toEqual([1, { a: [2, 3] }, [4, [5]], null]);
  });

  it('is not misled by brackets, commas and quotes within texts', () => {
    expect(read('["a, ]", "b\\', '"c", "d\\\\"]')).toEqual(['a, ]', 'b"c', 'd\\']);
  });

  it.each([['[]'], [' [ ] '], ['[\n]']])('finds nothing in %j', (text) => {
    expect(read(text)).toEqual([]);
  });

  it('reads several answers at once, each for itself', () => {
    const seen: unknown[] = [];
    const model = scripted(['[1,', ' 2]']);
    of('one', 'two')
      .pipe(infer(model, { concurrency: 2 }), elements())
      .subscribe((element) => seen.push(element));
    expect(seen).toEqual([1, 2, 1, 2]);
  });

  it('reads a new attempt from its beginning', () => {
    const seen: unknown[] = [];
    of('list')
      .pipe(infer(scripted(['[1, [2', { type: 'retract' }, '[1,', ' 3]'])), elements())
      .subscribe((element) => seen.push(element));
    expect(seen).toEqual([1, 1, 3]);
  });

  it('fails where the array has no end', () => {
    let failure: unknown;
    of('list')
      .pipe(infer(scripted(['[1', ', 2'])), elements())
      .subscribe({ error: (error) => (failure = error) });
    expect(failure).toBeInstanceOf(TruncatedError);
  });
});
