import { beforeAll, describe, expect, it } from 'vitest';
import { compileGrammar } from '../../../../src/backends/onnx/constraint/grammar/compile-grammar.ts';
import { GrammarCompiler } from '../../../../src/backends/onnx/constraint/grammar-compiler.ts';
import { schemaGrammar } from '../../../../src/backends/onnx/constraint/schema-grammar.ts';
import { readVocabulary, type Vocabulary } from '../../../../src/backends/onnx/constraint/vocabulary.ts';
import { allows, byteVocabulary, isWritable } from '../../../support/byte-vocabulary.ts';
import { readTokenizer } from '../../../support/models.ts';
import { randomNumbers } from '../../../support/random-walk.ts';
import { variedSchemas } from '../../../support/varied-schemas.ts';

const letters: Vocabulary = { tokens: ['a', 'b', 'ab', 'abc', 'c', '', 'a'], size: 7, stopIds: [5] };

const allowed = (mask: Int32Array) =>
  Array.from({ length: mask.length * 32 }, (_, id) => id).filter((id) => allows(mask, id));

describe('GrammarCompiler', () => {
  it('allows the tokens that some text can begin with, all those of the same bytes among them', async () => {
    const compiler = await GrammarCompiler.create(letters);
    const constraint = await compiler.compile('root ::= "ab" "c"?');
    expect(allowed(await constraint.mask())).toEqual([0, 2, 3, 6]);
    constraint.accept(6);
    expect(allowed(await constraint.mask())).toEqual([1]);
    constraint.accept(1);
    expect(allowed(await constraint.mask())).toEqual([4, 5]);
  });

  it('is finished where only a stop id may follow, or has followed', async () => {
    const compiler = await GrammarCompiler.create(letters);
    const whole = await compiler.compile('root ::= "ab"');
    expect(whole.finished).toBe(false);
    whole.accept(2);
    expect(whole.finished).toBe(true);
    expect(allowed(await whole.mask())).toEqual([5]);
    const open = await compiler.compile('root ::= "ab" "c"?');
    open.accept(2);
    expect(open.finished).toBe(false);
    open.accept(5);
    expect(open.finished).toBe(true);
  });

  it.each([
    ['one that does not fit', [4]],
    ['a stop id before the text may end', [5]],
    ['one after the end', [2, 5, 2]],
    ['one that writes nothing', [2, 9]],
  ])('refuses to accept %s', async (_, tokens) => {
    const constraint = await (await GrammarCompiler.create(letters)).compile('root ::= "ab" | "ab" "ab"');
    for (const token of tokens.slice(0, -1)) constraint.accept(token);
    expect(() => constraint.accept(tokens.at(-1) as number)).toThrow(/Expected a token that the mask allows/);
  });

  it('starts afresh for each answer', async () => {
    const compiler = await GrammarCompiler.create(letters);
    const first = await compiler.compile('root ::= "abc"');
    first.accept(2);
    const second = await compiler.compile('root ::= "abc"');
    expect(allowed(await second.mask())).toEqual([0, 2, 3, 6]);
    expect(allowed(await first.mask())).toEqual([4]);
  });

  it('says so where it is used after it was disposed', async () => {
    const constraint = await (await GrammarCompiler.create(letters)).compile('root ::= "a"');
    constraint.dispose();
    expect(() => constraint.mask()).toThrow(/received one that was disposed/);
  });

  it('lets a failure cost one request only', async () => {
    const compiler = await GrammarCompiler.create(byteVocabulary);
    await expect(compiler.compile('root ::= (')).rejects.toThrow(SyntaxError);
    await expect(compiler.compile('root ::= missing')).rejects.toThrow('Expected a rule `missing`');
    await expect(compiler.compile('root ::= []')).rejects.toThrow('Expected a grammar that some text fits');
    await expect(compiler.compile(`root ::= "${'a'.repeat(4_000_001)}"`)).rejects.toThrow(RangeError);
    await expect(compiler.compile(`root ::= "${'ab'.repeat(250_000)}"`)).rejects.toThrow(/at most 400000 instructions/);
    expect(await isWritable(await compiler.compile('root ::= "fine"'), 'fine')).toBe(true);
  });

  it('says so where the vocabulary cannot write what has to come', async () => {
    const constraint = await (await GrammarCompiler.create(letters)).compile('root ::= "x"');
    expect(() => constraint.mask()).toThrow(/Expected a vocabulary that can write every text/);
  });

  describe.each(['tiny-gemma3', 'tiny-qwen3'])('with the tokens of %s', (model) => {
    let vocabulary: Vocabulary;
    let compiler: GrammarCompiler;

    beforeAll(async () => {
      vocabulary = readVocabulary(readTokenizer(model), 2048, [1]);
      compiler = await GrammarCompiler.create(vocabulary);
    });

    // The masks are put together from parts; the automaton, asked token by token, knows nothing of that.
    it.each(Object.keys(variedSchemas))('masks exactly what fits, token by token: %s', async (name) => {
      const { grammar } = schemaGrammar(variedSchemas[name] ?? false);
      const automaton = compileGrammar(grammar);
      const constraint = await compiler.compile(grammar);
      const random = randomNumbers(name.length);
      let state = automaton.start();
      for (let turn = 0; state && turn < 12; turn++) {
        const place = state;
        const fits = (id: number) =>
          vocabulary.tokens[id] !== '' && automaton.follow(place, vocabulary.tokens[id] as string);
        const expected = vocabulary.tokens.map((_, id) => id).filter((id) => id !== 1 && fits(id));
        const mask = await constraint.mask();
        expect(allowed(mask).filter((id) => id !== 1)).toEqual(expected);
        expect(allows(mask, 1)).toBe(place.accepting);
        const token = expected[Math.floor(random() * expected.length)];
        if (token === undefined) return;
        constraint.accept(token);
        state = automaton.follow(place, vocabulary.tokens[token] as string);
      }
    });
  });
});
