import { describe, expect, it } from 'vitest';
import { Choice } from '../../../src/backends/onnx/choice.ts';
import { KvCache } from '../../../src/backends/onnx/kv-cache.ts';

const stop = 9;

/** A model of ten tokens whose scores after a text depend on the whole text. */
const scoresAfter = (text: readonly number[]): Float32Array =>
  Float32Array.from(
    { length: 10 },
    (_, id) => 8 * Math.sin(text.reduce((sum, each, place) => sum + each * (place + 2), id)),
  );

const logProbability = (text: readonly number[], id: number): number => {
  const scores = scoresAfter(text);
  return (scores[id] as number) - Math.log(scores.reduce((sum, score) => sum + Math.exp(score), 0));
};

/** The log-probability of a text, token by token. */
const plainly = (prompt: readonly number[], ids: readonly number[]): number =>
  ids.reduce((sum, id, place) => sum + logProbability([...prompt, ...ids.slice(0, place)], id), 0);

/** Runs a choice on that model; the cache's entries are the text. */
const choose = (prompt: readonly number[], alternatives: readonly (readonly number[])[], onlyBest = false) => {
  const choice = new Choice(alternatives, new Set([stop]), onlyBest);
  const cache = new KvCache();
  cache.extend(prompt, prompt.length);
  choice.begin(cache, scoresAfter(prompt));
  const runs: (readonly number[])[] = [];
  for (let work = choice.next(); work; work = choice.next()) {
    const { ids, keep } = work;
    const before = work.cache.entries as number[];
    runs.push(ids);
    work.cache.extend([...before, ...ids], before.length + ids.length);
    const rows = ids.map((_, place) => scoresAfter([...before, ...ids.slice(0, place + 1)])).slice(-keep);
    choice.take(Float32Array.from(rows.flatMap((row) => [...row])));
  }
  expect(choice.complete).toBe(true);
  expect(cache.entries).toEqual(prompt);
  return { scores: [...choice.scores], runs };
};

const closely = (scores: readonly number[]) => scores.map((score) => expect.closeTo(score, 4));

describe('Choice', () => {
  it('gives each alternative the probability that the model writes it', () => {
    const alternatives = [[1, 2, 3], [4, 5], [6]];
    const { scores } = choose([7, 8], alternatives);
    expect(scores).toEqual(closely(alternatives.map((ids) => plainly([7, 8], ids))));
  });

  it('computes what alternatives share only once', () => {
    const alternatives = [
      [1, 2, 3, 4],
      [1, 2, 3, 5],
      [1, 2, 6, 7],
    ];
    const { scores, runs } = choose([7], alternatives);
    expect(scores).toEqual(closely(alternatives.map((ids) => plainly([7], ids))));
    expect(runs.toSorted()).toEqual([[1, 2], [3], [6]]);
  });

  it('computes nothing where one token tells', () => {
    expect(choose([7], [[1], [2], [3]]).runs).toEqual([]);
  });

  it('asks whether the answer ends where another goes on', () => {
    const { scores } = choose([7], [[1], [1, 2]]);
    expect(scores).toEqual(closely([plainly([7], [1, stop]), plainly([7], [1, 2])]));
  });

  it('finds the best without computing what cannot become it', () => {
    const likely = [0, 1, 2, 3].reduce<number[]>((text) => {
      const scores = scoresAfter([7, ...text]);
      return [...text, scores.indexOf(Math.max(...scores))];
    }, []);
    const others = Array.from({ length: 10 }, (_, id) => [id, (id + 1) % 10, (id + 2) % 10, (id + 3) % 10]);
    const all = choose([7], [...others, likely]);
    const best = choose([7], [...others, likely], true);
    for (const { scores } of [all, best]) expect(scores.indexOf(Math.max(...scores))).toBe(10);
    expect(all.runs.length).toBeGreaterThanOrEqual(10);
    expect(best.runs.length).toBeLessThan(all.runs.length / 2);
  });

  it('scores a single alternative', () => {
    expect(choose([7], [[1, 2]]).scores).toEqual(closely([plainly([7], [1, 2])]));
  });
});
