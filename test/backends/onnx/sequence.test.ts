import { describe, expect, it } from 'vitest';
import { Choice } from '../../../src/backends/onnx/choice.ts';
import { Sampler } from '../../../src/backends/onnx/sampler.ts';
import type { Sequence } from '../../../src/backends/onnx/sequence.ts';
import {
  LetterRunner,
  letterEngine,
  letterSequence,
  plainly,
  scoresAfter,
  spell,
  workOff,
} from '../../support/letter-model.ts';
import { ScriptedConstraint } from '../../support/scripted-constraint.ts';

/** Computes what a sequence wants next, at place 0, and gives what its answer gained. */
const step = (sequence: Sequence, chunk = 100) => {
  sequence.slot = 0;
  const work = sequence.next(chunk);
  sequence.advance(work);
  return { work, events: work.keep > 0 ? sequence.take(scoresAfter(sequence.ids)) : [] };
};

/** Lets a model choose among alternatives. */
const choose = async (alternatives: readonly string[], request: Parameters<typeof letterSequence>[0] = {}) => {
  const runner = new LetterRunner({ chunk: 50 });
  const engine = letterEngine(runner);
  const choice = new Choice(alternatives.map(spell), new Set(spell('F')), request.sampler === undefined);
  engine.add(letterSequence({ prompt: 'choose', maxTokens: 50, ...request, choice }));
  const answer = (await workOff(engine)).get(1) as { text: string; end: object };
  return { ...answer, runner, choice };
};

describe('Sequence', () => {
  it('tells the most tokens that it can come to have', () => {
    expect(letterSequence({ prompt: 'abc', maxTokens: 7 }).room).toBe(10);
    const choice = new Choice(['ab', 'abcde', 'x'].map(spell), new Set());
    expect(letterSequence({ prompt: 'abc', maxTokens: 99, choice }).room).toBe(8);
  });

  it('wants its prompt in chunks, the scores of the last token, and then a token at a time', () => {
    const sequence = letterSequence({ prompt: 'abcdefg' });
    expect([sequence.pending, sequence.ready]).toEqual([7, true]);
    const works = Array.from({ length: 4 }, () => step(sequence, 3).work);
    expect(works).toEqual([
      { slot: 0, from: 0, ids: spell('abc'), keep: 0 },
      { slot: 0, from: 3, ids: spell('def'), keep: 0 },
      { slot: 0, from: 6, ids: spell('g'), keep: 1 },
      { slot: 0, from: 7, ids: spell(plainly('abcdefg', 1)), keep: 1 },
    ]);
    expect(sequence.pending).toBe(1);
  });

  it('goes on after what is known already', () => {
    const sequence = letterSequence({ prompt: 'abcdefg' });
    sequence.skip(4);
    expect([sequence.pending, sequence.cached, sequence.computed]).toEqual([3, 4, 4]);
    expect(step(sequence).work).toMatchObject({ from: 4, ids: spell('efg') });
  });

  it('counts once what it did not have to compute, also where it takes that over again', () => {
    const sequence = letterSequence({ prompt: 'abcdefg' });
    sequence.skip(4);
    sequence.park();
    sequence.skip(6);
    expect([sequence.cached, sequence.computed]).toEqual([6, 6]);
  });

  it('computes its prompt but for the last token while it waits for its constraint, which it does after each token', () => {
    const constraint = new ScriptedConstraint([{}, { forced: 'xy' }, {}], true);
    const sequence = letterSequence({ constraint });
    expect(sequence).toMatchObject({ ready: true, pending: 2 });
    const work = sequence.next(10);
    expect(work).toMatchObject({ ids: { length: 2 }, keep: 0 });
    sequence.advance(work);
    expect(sequence.ready).toBe(false);
    expect(sequence.settle()).toEqual([]);
    constraint.release();
    expect(sequence.ready).toBe(false);
    sequence.settle();
    expect(sequence).toMatchObject({ ready: true, pending: 1 });
    step(sequence);
    expect(sequence.ready).toBe(false);
    constraint.release();
    expect(sequence.settle()).toEqual([
      { type: 'token', text: 'x' },
      { type: 'token', text: 'y' },
    ]);
    expect(sequence).toMatchObject({ ready: true, pending: 3, output: 3 });
  });

  it('gives its constraint back once, however often it leaves', () => {
    const constraint = new ScriptedConstraint([{}]);
    const sequence = letterSequence({ constraint });
    sequence.leave();
    sequence.leave();
    expect(constraint.disposed).toBe(1);
    expect(sequence.left).toBe(true);
  });

  it('answers with the alternative that the model would write most likely', async () => {
    const likely = plainly('choose', 4);
    const { text, end, runner } = await choose(['yes', 'no', likely, `${likely.slice(0, 2)}other`, 'maybe']);
    expect(text).toBe(likely);
    expect(end).toMatchObject({ reason: 'stop', whole: true, usage: { input: 6, cached: 0, output: 4 } });
    expect(runner.shapes[0]).toBe('6');
  });

  it('draws among the alternatives at a temperature', async () => {
    const drawn = new Set<string>();
    for (let seed = 0; seed < 30; seed++) {
      drawn.add((await choose(['yes', 'no'], { sampler: new Sampler({ temperature: 20, seed }) })).text);
    }
    expect(drawn).toEqual(new Set(['yes', 'no']));
  });

  it('goes back to where alternatives part, and computes what they share no more than it must', async () => {
    const { runner, choice } = await choose(['abcd', 'abce', 'abfg', 'xyz'], {
      sampler: new Sampler({ temperature: 1 }),
    });
    const works = runner.runs.slice(1).flat();
    for (const { from, ids, keep } of works) {
      expect(from).toBeGreaterThanOrEqual(6);
      expect(keep).toBeLessThanOrEqual(ids.length);
    }
    expect(new Set(works.map(({ ids }) => ids.length))).not.toContain(0);
    // `ab`, one more each of `c` and `f`, and `xy`; at most `ab` is computed again after `xy`.
    expect(works.reduce((sum, { ids }) => sum + ids.length, 0)).toBeLessThanOrEqual(8);
    expect([...choice.scores].every(Number.isFinite)).toBe(true);
  });

  it('chooses beside others, who notice nothing', async () => {
    const engine = letterEngine(new LetterRunner({ chunk: 4 }));
    const likely = plainly('choose', 6);
    const alternatives = [likely, `${likely.slice(0, 3)}xyz`, 'elsewhere', 'else'];
    const choice = new Choice(alternatives.map(spell), new Set(spell('F')));
    engine.add(letterSequence({ id: 1, prompt: 'choose', choice }));
    for (const id of [2, 3]) engine.add(letterSequence({ id, prompt: `beside${'x'.repeat(id)}`, maxTokens: 8 }));
    const answers = await workOff(engine);
    expect(answers.get(1)?.text).toBe(likely.slice(0, 5));
    expect(answers.get(1)?.end).toMatchObject({ reason: 'length', whole: false, usage: { output: 5 } });
    for (const id of [2, 3]) expect(answers.get(id)?.text).toBe(plainly(`beside${'x'.repeat(id)}`, 8));
  });
});
