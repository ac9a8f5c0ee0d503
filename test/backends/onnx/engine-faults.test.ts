import { describe, expect, it } from 'vitest';
import { CompactCache } from '../../../src/backends/onnx/compact-cache.ts';
import { InPlaceCache } from '../../../src/backends/onnx/in-place-cache.ts';
import type { CacheBlock } from '../../../src/backends/onnx/kv-cache.ts';
import { Random } from '../../../src/backends/onnx/random.ts';
import type { Sequence } from '../../../src/backends/onnx/sequence.ts';
import type { Work } from '../../../src/backends/onnx/work.ts';
import {
  type Answers,
  collect,
  LetterRunner,
  letterEngine,
  letterSequence,
  plainly,
  workOff,
} from '../../support/letter-model.ts';
import { cacheTensors } from '../../support/recognisable-rows.ts';
import { ScriptedConstraint } from '../../support/scripted-constraint.ts';

const prompts = ['one', 'two', 'three', 'fourth'];

/** Requests side by side, on an engine whose runs can be interfered with. */
const start = (before: (works: readonly Work[], run: number) => void | Promise<void>) => {
  const runner = new LetterRunner({ before });
  const engine = letterEngine(runner);
  const sequences = prompts.map((prompt, id) => letterSequence({ id, prompt, maxTokens: 6 }));
  for (const sequence of sequences) engine.add(sequence);
  return { runner, engine, sequences: sequences as [Sequence, Sequence, Sequence, Sequence] };
};

const texts = (answers: Answers) => Object.fromEntries([...answers].map(([id, { text }]) => [id, text]));
const expected = (...ids: readonly number[]) =>
  Object.fromEntries(ids.map((id) => [id, plainly(prompts[id] as string, 6)]));
const takesPart = (works: readonly Work[], { slot }: Sequence) => works.some((work) => work.slot === slot);

describe('Engine, where something goes wrong', () => {
  it('fails the one request whose tokens cannot be computed, and goes on with those beside it', async () => {
    const { engine, sequences, runner } = start((works) => {
      if (takesPart(works, sequences[1]) && sequences[1].output >= 3) throw new Error('odd token');
    });
    const answers = await workOff(engine);
    expect(answers.get(1)).toMatchObject({ text: plainly('two', 3), end: { error: new Error('odd token') } });
    answers.delete(1);
    expect(texts(answers)).toEqual(expected(0, 2, 3));
    expect([...answers.values()].every(({ end }) => end && 'reason' in end)).toBe(true);
    expect(prompts.map((_, slot) => runner.cache.length(slot))).toEqual([0, 0, 0, 0]);
  });

  it('fails the one request whose prompt cannot be computed', async () => {
    const { engine, sequences } = start((works) => {
      if (takesPart(works, sequences[2])) throw new Error('odd prompt');
    });
    const answers = await workOff(engine);
    expect(answers.get(2)).toEqual({ text: '', end: { error: new Error('odd prompt') } });
    answers.delete(2);
    expect(texts(answers)).toEqual(expected(0, 1, 3));
  });

  it('loses nothing where a run fails that works when it is tried again', async () => {
    const { engine } = start((works) => {
      if (works.length > 1) throw new Error('too many at once');
    });
    expect(texts(await workOff(engine))).toEqual(expected(0, 1, 2, 3));
  });

  it('shows nothing of a run during which its request was withdrawn', async () => {
    const { engine, sequences, runner } = start((works) => {
      if (takesPart(works, sequences[1]) && sequences[1].output === 3) engine.cancel(1);
    });
    const answers = await workOff(engine);
    expect(texts(answers)).toEqual({ ...expected(0, 2, 3), 1: plainly('two', 3) });
    expect(answers.get(1)?.end).toBeUndefined();
    expect(sequences[1].slot).toBeUndefined();
    expect(prompts.map((_, slot) => runner.cache.length(slot))).toEqual([0, 0, 0, 0]);
  });

  it('withdraws a request in the middle of its prompt', async () => {
    const runner = new LetterRunner({ chunk: 8 });
    const engine = letterEngine(runner, { tokens: 5000 });
    engine.add(letterSequence({ prompt: 'long'.repeat(100) }));
    await engine.step();
    engine.cancel(1);
    expect(engine.busy).toBe(false);
    expect(await workOff(engine)).toEqual(new Map());
    expect(runner.shapes).toEqual(['8']);
  });

  it('never touches the model for a request that is withdrawn while it waits in line', async () => {
    const runner = new LetterRunner();
    const engine = letterEngine(runner, { slots: 2 });
    const constraint = new ScriptedConstraint([{}]);
    for (const id of [1, 2]) engine.add(letterSequence({ id, maxTokens: 2 }));
    engine.add(letterSequence({ id: 3, prompt: 'never', constraint }));
    await engine.step();
    engine.cancel(3);
    engine.cancel(4);
    expect([...(await workOff(engine)).keys()]).toEqual([1, 2]);
    expect(runner.runs.flat().map(({ ids }) => ids.length)).not.toContain(5);
    expect(constraint.disposed).toBe(1);
  });

  it('withdraws a request between a failed run and its second try', async () => {
    const { engine, runner } = start((works) => {
      if (works.length === 4) throw new Error('too many at once');
      if (runner.runs.at(-2)?.length === 4) engine.cancel(3);
    });
    const answers = await workOff(engine);
    answers.delete(3);
    expect(texts(answers)).toEqual(expected(0, 1, 2));
    expect(runner.runs.flat().map(({ slot }) => slot)).not.toContain(undefined);
  });

  it('lets a request fail that was withdrawn during the run that failed, without a word', async () => {
    const { engine } = start((_, run) => {
      if (run > 0) return;
      engine.cancel(0);
      throw new Error('too late');
    });
    expect(texts(await workOff(engine))).toEqual(expected(1, 2, 3));
  });

  it('fails the one request whose known beginning cannot be copied', async () => {
    class FullCache extends InPlaceCache {
      full = false;

      free(): void {
        this.full = false;
      }

      override append(...parameters: Parameters<InPlaceCache['append']>): void {
        if (this.full) throw new RangeError('Array buffer allocation failed');
        super.append(...parameters);
      }
    }
    const cache = new FullCache(cacheTensors(), 8, 1000);
    const runner = new LetterRunner({ cache, chunk: 50, before: () => cache.free() });
    const engine = letterEngine(runner, { prefixes: 500 });
    engine.add(letterSequence({ id: 0, prompt: 'article'.repeat(5) }));
    await workOff(engine);
    for (const id of [1, 2]) engine.add(letterSequence({ id, prompt: id === 1 ? 'article'.repeat(6) : 'other' }));
    cache.full = true;
    const answers = await workOff(engine);
    expect(answers.get(1)?.end).toEqual({ error: new RangeError('Array buffer allocation failed') });
    expect(answers.get(2)?.text).toBe(plainly('other', 5));
  });

  it('answers everybody where what is computed cannot be kept for others', async () => {
    class TightCache extends InPlaceCache {
      tight = true;

      override read(...parameters: Parameters<InPlaceCache['read']>): CacheBlock {
        if (this.tight) throw new RangeError('Array buffer allocation failed');
        return super.read(...parameters);
      }
    }
    const cache = new TightCache(cacheTensors(), 8, 1000);
    const runner = new LetterRunner({ cache });
    const { chunk, width, vocabulary } = runner;
    // A run reads what it computed before; nothing else can.
    const run = async (works: readonly Work[]) => {
      cache.tight = false;
      const scores = await runner.run(works);
      cache.tight = true;
      return scores;
    };
    const sequences = prompts.map((prompt, id) => letterSequence({ id, prompt, maxTokens: 6 }));
    const engine = letterEngine({ chunk, width, vocabulary, cache, run }, { prefixes: 500 });
    for (const sequence of sequences) engine.add(sequence);
    engine.cancel(3);
    const answers = await workOff(engine);
    expect(texts(answers)).toEqual(expected(0, 1, 2));
    expect([...answers.values()].every(({ end }) => end && 'reason' in end)).toBe(true);
    expect(sequences.map(({ slot }) => slot)).toEqual(prompts.map(() => undefined));
  });

  it.each([
    ['side by side', () => new LetterRunner({ chunk: 6 })],
    ['one at a time', () => new LetterRunner({ chunk: 6, width: 1, cache: new CompactCache(cacheTensors(), 8) })],
  ])('answers every request and loses no place while a third leave at any moment, %s', async (_, make) => {
    const random = new Random(3);
    const below = (bound: number) => Math.floor(random.next() * bound);
    const runner = make();
    const engine = letterEngine(runner, { slots: 6, tokens: 200, prefixes: 100 });
    const answers: Answers = new Map();
    const open = new Map<number, string>();
    const constraints: ScriptedConstraint[] = [];
    for (let id = 0; id < 300 || engine.busy; ) {
      while (id < 300 && open.size < 12) {
        const prompt = 'abcdefgh'.slice(below(4)).repeat(1 + below(4));
        const states = Array.from({ length: 1 + below(5) }, () => (below(2) ? { forced: 'then' } : {}));
        const constraint = below(2) ? new ScriptedConstraint(states) : undefined;
        if (constraint) constraints.push(constraint);
        open.set(id, prompt);
        engine.add(letterSequence({ id, prompt, maxTokens: 1 + below(9), ...(constraint && { constraint }) }));
        id++;
      }
      const running = engine.step();
      // Some leave during the run, some between two.
      for (const when of [0, 1]) {
        const leaving = [...open.keys()][below(open.size)];
        if (leaving !== undefined && random.next() < 0.07) {
          engine.cancel(leaving);
          open.delete(leaving);
        }
        if (when === 0)
          collect(
            answers,
            (await running).filter((output) => open.has(output.id)),
          );
      }
      for (const [ended, { end }] of answers) if (end) open.delete(ended);
    }
    const ended = [...answers.values()].filter(({ end }) => end && 'reason' in end).length;
    expect(open.size).toBe(0);
    expect(ended).toBeGreaterThan(150);
    expect(ended).toBeLessThan(280);
    expect(constraints.map(({ disposed }) => disposed)).toEqual(constraints.map(() => 1));
    expect([0, 1, 2, 3, 4, 5].map((slot) => runner.cache.length(slot))).toEqual([0, 0, 0, 0, 0, 0]);
  });
});
