import { describe, expect, it } from 'vitest';
import { Choice } from '../../../src/backends/onnx/choice.ts';
import { scoresAfter, spell } from '../../support/letter-model.ts';

/** A letter that ends a text. */
const stop = 'F';
const stopIds = new Set(spell(stop));

const logProbability = (text: string, next: string): number => {
  const scores = scoresAfter(spell(text));
  return (
    (scores[spell(next)[0] as number] as number) - Math.log(scores.reduce((sum, score) => sum + Math.exp(score), 0))
  );
};

/** The log-probability of a text after another, letter by letter. */
const plainly = (prompt: string, text: string): number =>
  [...text].reduce((sum, letter, place) => sum + logProbability(prompt + text.slice(0, place), letter), 0);

const likeliestAfter = (text: string): string =>
  'abcdefghijklmnopqrstuvwxyzABCDEF'.charAt(
    scoresAfter(spell(text)).reduce((best, score, id, all) => (score > (all[best] as number) ? id : best), 0),
  );

/** Runs a choice, and gives the texts that it had computed, and what the scores of each could have come to at most. */
const choose = (prompt: string, alternatives: readonly string[], onlyBest = false) => {
  const choice = new Choice(alternatives.map(spell), stopIds, onlyBest);
  choice.begin(scoresAfter(spell(prompt)));
  const computed: number[][] = [];
  const promises: number[] = [];
  for (let next = choice.next; next; next = choice.next) {
    const { before, ids, score } = next;
    promises.push(score);
    computed.push([...before, ...ids]);
    const text = [...spell(prompt), ...before];
    choice.take(Float32Array.from(ids.flatMap((_, place) => [...scoresAfter([...text, ...ids.slice(0, place + 1)])])));
  }
  expect(choice.complete).toBe(true);
  return { scores: [...choice.scores], computed, promises };
};

const closely = (scores: readonly number[]) => scores.map((score) => expect.closeTo(score, 4));

describe('Choice', () => {
  it.each([
    ['apart from the first letter', ['yes', 'no', 'm']],
    ['that begin alike', ['abcd', 'abce', 'abfg', 'z']],
    ['longer than one stretch', [`${'long'.repeat(10)}x`, `${'long'.repeat(10)}y`, 'longest']],
    ['of one letter', ['a', 'b', 'c']],
  ])('gives each of some alternatives %s the probability that the model writes it', (_, alternatives) => {
    const { scores } = choose('prompt', alternatives);
    expect(scores).toEqual(closely(alternatives.map((text) => plainly('prompt', text))));
  });

  it('asks whether the answer ends where another goes on', () => {
    const alternatives = ['in', 'inner', 'innermost', ''];
    const { scores } = choose('prompt', alternatives);
    const ended = ['in', 'inner', ''].map((text) => plainly('prompt', text + stop));
    const [first, second, last] = ended as [number, number, number];
    expect(scores).toEqual(closely([first, second, plainly('prompt', 'innermost'), last]));
  });

  it('computes what alternatives share only once, and never their last letters', () => {
    expect(choose('prompt', ['abcd', 'abce', 'abfg']).computed.toSorted()).toEqual(['ab', 'abc', 'abf'].map(spell));
    expect(choose('prompt', ['a', 'b', 'c']).computed).toEqual([]);
  });

  it('takes an alternative that is named twice for the first one', () => {
    const { scores } = choose('prompt', ['yes', 'no', 'yes']);
    expect(scores).toEqual([...closely([plainly('prompt', 'yes'), plainly('prompt', 'no')]), Number.NEGATIVE_INFINITY]);
  });

  it('scores a single alternative', () => {
    expect(choose('prompt', ['only']).scores).toEqual(closely([plainly('prompt', 'only')]));
  });

  it('goes on with the most promising alternative first', () => {
    const [first] = choose('prompt', ['aa', 'bb', `${likeliestAfter('prompt')}x`, 'cc']).computed;
    expect(first).toEqual(spell(likeliestAfter('prompt')));
  });

  it('finds the best without computing what cannot become it', () => {
    let likely = '';
    while (likely.length < 4) likely += likeliestAfter(`prompt${likely}`);
    const others = Array.from('abcdefghijklmnopqrst', (letter) => `${letter}other`);
    const all = choose('prompt', [...others, likely]);
    const best = choose('prompt', [...others, likely], true);
    for (const { scores } of [all, best]) expect(scores.indexOf(Math.max(...scores))).toBe(others.length);
    expect(all.computed.length).toBeGreaterThan(20);
    expect(best.computed.length).toBeLessThan(all.computed.length - 5);
    for (const promise of best.promises) expect(promise).toBeGreaterThanOrEqual(Math.max(...best.scores));
  });
});
