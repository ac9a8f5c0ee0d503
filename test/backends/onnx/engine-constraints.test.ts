import { describe, expect, it } from 'vitest';
import {
  type Answers,
  collect,
  LetterRunner,
  letterEngine,
  letterSequence,
  plainly,
  workOff,
} from '../../support/letter-model.ts';
import { type GrammarState, ScriptedConstraint } from '../../support/scripted-constraint.ts';

/** Writes one answer that is held to a grammar. */
const write = async (states: readonly GrammarState[], request: Parameters<typeof letterSequence>[0] = {}) => {
  const runner = new LetterRunner();
  const engine = letterEngine(runner);
  const constraint = new ScriptedConstraint(states);
  engine.add(letterSequence({ maxTokens: 20, ...request, constraint }));
  const answers = await workOff(engine);
  expect(constraint.disposed).toBe(1);
  return { runner, constraint, ...(answers.get(1) as { text: string; end: object }) };
};

describe('Engine, with constraints', () => {
  it('writes what the masks allow, and ends where the text is whole', async () => {
    const { text, end, constraint, runner } = await write([{ allowed: 'xy' }, { allowed: 'pq' }, { allowed: 'f' }]);
    expect(text).toMatch(/^[xy][pq]f$/);
    expect(constraint.accepted).toHaveLength(3);
    expect(end).toMatchObject({ reason: 'stop', whole: true, usage: { output: 3 } });
    // The last token is not computed: nothing follows it.
    expect(runner.shapes).toEqual(['3', '1', '1']);
  });

  it('computes what is forced as one chunk, and counts it as output', async () => {
    const { text, end, constraint, runner } = await write([{ allowed: 'x' }, { forced: 'name', allowed: 'yz' }]);
    expect(text).toMatch(/^xname[yz]$/);
    expect(constraint.accepted).toHaveLength(2);
    expect(end).toMatchObject({ reason: 'stop', whole: true, usage: { input: 3, output: 6 } });
    expect(runner.shapes).toEqual(['3', '5']);
  });

  it('computes what is forced at the beginning together with the prompt', async () => {
    const { text, end, runner } = await write([{ forced: 'json' }, {}]);
    expect(text).toBe(`json${plainly('abcjson', 2)}`);
    expect(end).toMatchObject({ usage: { input: 3, output: 6 } });
    expect(runner.shapes).toEqual(['7', '1']);
  });

  it('computes nothing where the whole answer is forced', async () => {
    const { text, end, runner } = await write([{ forced: 'yes', allowed: '' }]);
    expect(text).toBe('yes');
    expect(end).toMatchObject({ reason: 'stop', whole: true, usage: { input: 3, output: 3 }, queue: 0 });
    expect(runner.runs).toEqual([]);
  });

  it.each([
    [2, 'xn', 'length', false],
    [4, 'xnam', 'length', false],
    [5, 'xname', 'stop', true],
    [6, 'xname', 'stop', true],
  ])('keeps to %d tokens where a text is forced', async (maxTokens, wanted, reason, whole) => {
    const { text, end } = await write([{ allowed: 'x' }, { forced: 'name', allowed: '' }], { maxTokens });
    expect(text).toBe(wanted);
    expect(end).toMatchObject({ reason, whole, usage: { output: wanted.length } });
  });

  it('is not whole where something could follow the last token that it may write', async () => {
    const { text, end } = await write([{ allowed: 'x' }, { allowed: 'y' }, { allowed: 'z' }], { maxTokens: 2 });
    expect(text).toBe('xy');
    expect(end).toMatchObject({ reason: 'length', whole: false, usage: { output: 2 } });
  });

  it('ends at a stop text in the middle of what is forced', async () => {
    const { text, end, runner } = await write([{ allowed: 'x' }, { forced: 'onetwothree', allowed: 'y' }], {
      stop: ['two'],
    });
    expect(text).toBe('xone');
    expect(end).toMatchObject({ reason: 'stop', whole: false, usage: { output: 7 } });
    expect(runner.shapes).toEqual(['3']);
  });

  it('ends at a stop id where the grammar lets it', async () => {
    const { text, end } = await write([{ allowed: 'x' }, { allowed: 'F' }, { allowed: 'y' }], {
      stopIds: new Set([31]),
    });
    expect(text).toBe('x');
    expect(end).toMatchObject({ reason: 'stop', whole: true, usage: { output: 1 } });
  });

  it.each([
    ['at the beginning', [{ error: new Error('grammar failed') }]],
    ['after a token', [{ allowed: 'x' }, { error: new Error('grammar failed') }]],
    ['where nothing may follow', [{ allowed: 'x' }, { allowed: '' }, {}]],
  ] as const)('fails an answer whose grammar fails %s, and no other', async (_, states) => {
    const engine = letterEngine(new LetterRunner());
    const constraint = new ScriptedConstraint(states);
    engine.add(letterSequence({ id: 1, constraint }));
    engine.add(letterSequence({ id: 2, prompt: 'other' }));
    const answers = await workOff(engine);
    expect(answers.get(1)?.end).toHaveProperty('error', expect.any(Error));
    expect(answers.get(2)).toMatchObject({ text: plainly('other', 5), end: { reason: 'length' } });
    expect(constraint.disposed).toBe(1);
  });

  it('lets the others go on while one waits for its grammar, and goes on with it when it is ready', async () => {
    const runner = new LetterRunner();
    const engine = letterEngine(runner);
    const constraint = new ScriptedConstraint([{ allowed: 'x' }, { forced: 'yz' }], true);
    engine.add(letterSequence({ id: 1, constraint }));
    engine.add(letterSequence({ id: 2, prompt: 'other', maxTokens: 10 }));
    const answers: Answers = new Map();
    // The prompts of both are computed, but for the last token of the one that waits.
    const step = async (times: number) => {
      for (let time = 0; time < times; time++) collect(answers, await engine.step());
      return [answers.get(1)?.text.length, answers.get(2)?.text.length];
    };
    expect(await step(3)).toEqual([undefined, 2]);
    expect(runner.runs.flat().filter(({ slot }) => slot === 0)).toMatchObject([{ ids: { length: 2 }, keep: 0 }]);
    expect(await step(1)).toEqual([undefined, 3]);
    constraint.release();
    expect(await step(1)).toEqual([1, 4]);
    expect(await step(3)).toEqual([1, 7]);
    constraint.release();
    expect(await step(2)).toEqual([4, 8]);
    // The engine waits a moment after each token, and never holds up the others for longer.
    expect(constraint.waits).toEqual([1, 1]);
    constraint.release();
    await workOff(engine, answers);
    expect(answers.get(1)).toMatchObject({ text: expect.stringMatching(/^xyz.$/), end: { reason: 'stop' } });
    expect(answers.get(2)?.text).toBe(plainly('other', 10));
  });

  it('waits for a grammar where nothing else is to do, and lets orders in meanwhile', async () => {
    const runner = new LetterRunner();
    const engine = letterEngine(runner);
    const constraint = new ScriptedConstraint([{}], true);
    engine.add(letterSequence({ constraint }));
    setImmediate(() => engine.cancel(1));
    expect(await workOff(engine, new Map(), 100)).toEqual(new Map());
    expect(constraint.waits.length).toBeGreaterThan(0);
    expect(constraint.waits.length).toBeLessThan(5);
    expect(constraint.disposed).toBe(1);
    expect(runner.runs).toMatchObject([[{ ids: { length: 2 }, keep: 0 }]]);
  });

  it('waits for its grammar behind a prompt that is known altogether', async () => {
    const runner = new LetterRunner();
    const engine = letterEngine(runner, { prefixes: 100 });
    const prompt = 'a prompt that is known'.replaceAll(' ', '');
    engine.add(letterSequence({ id: 1, prompt }));
    await workOff(engine);
    runner.runs.length = 0;
    const constraint = new ScriptedConstraint([{}, {}, {}, {}, {}], true);
    const sequence = letterSequence({ id: 2, prompt, constraint, maxTokens: 2 });
    engine.add(sequence);
    const answers: Answers = new Map();
    for (let time = 0; time < 3; time++) collect(answers, await engine.step());
    for (let time = 0; time < 10; time++) {
      constraint.release();
      collect(answers, await engine.step());
    }
    expect(answers.get(2)?.text).toBe(plainly(prompt, 2));
    expect(runner.runs.every(([work]) => (work?.ids.length ?? 0) > 0)).toBe(true);
    expect(sequence.cached).toBe(prompt.length - 2);
  });

  it('answers side by side from the very first step', async () => {
    const engine = letterEngine(new LetterRunner());
    engine.add(letterSequence({ id: 1, constraint: new ScriptedConstraint([{ forced: 'yes', allowed: '' }]) }));
    engine.add(letterSequence({ id: 2 }));
    const answers = await workOff(engine);
    expect([1, 2].map((id) => answers.get(id)?.text)).toEqual(['yes', plainly('abc', 5)]);
  });
});
