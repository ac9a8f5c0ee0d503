import { beforeAll, describe, expect, it } from 'vitest';
import { compileGrammar } from '../../../../src/backends/onnx/constraint/grammar/compile-grammar.ts';
import { GrammarCompiler } from '../../../../src/backends/onnx/constraint/grammar-compiler.ts';
import { schemaGrammar } from '../../../../src/backends/onnx/constraint/schema-grammar.ts';
import { readVocabulary, type Vocabulary } from '../../../../src/backends/onnx/constraint/vocabulary.ts';
import { TokenPieces } from '../../../../src/backends/onnx/token-pieces.ts';
import { allows, byteCompiler, isWritable } from '../../../support/byte-vocabulary.ts';
import { maskOf } from '../../../support/mask-of.ts';
import { readTokenizer } from '../../../support/models.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { variedSchemas } from '../../../support/varied-schemas.ts';

const letters: Vocabulary = { tokens: ['a', 'b', 'ab', 'abc', 'c', '', 'a'], size: 7, stopIds: [5] };

/** Nothing is found to be forced. */
const noTokens = () => [];

const allowed = (mask: Int32Array) =>
  Array.from({ length: mask.length * 32 }, (_, id) => id).filter((id) => allows(mask, id));

describe('GrammarCompiler', () => {
  it('allows the tokens that some text can begin with, all those of the same bytes among them', async () => {
    const compiler = new GrammarCompiler(letters, noTokens);
    const constraint = compiler.follow('root ::= "ab" "c"?');
    expect(allowed(maskOf(constraint, letters))).toEqual([0, 2, 3, 6]);
    constraint.accept(6);
    expect(allowed(maskOf(constraint, letters))).toEqual([1]);
    constraint.accept(1);
    expect(allowed(maskOf(constraint, letters))).toEqual([4, 5]);
  });

  it('is finished where only a stop id may follow, or has followed', async () => {
    const compiler = new GrammarCompiler(letters, noTokens);
    const whole = compiler.follow('root ::= "ab"');
    expect(whole.finished).toBe(false);
    whole.accept(2);
    expect(whole.finished).toBe(true);
    expect(allowed(maskOf(whole, letters))).toEqual([5]);
    const open = compiler.follow('root ::= "ab" "c"?');
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
    const constraint = new GrammarCompiler(letters, noTokens).follow('root ::= "ab" | "ab" "ab"');
    for (const token of tokens.slice(0, -1)) constraint.accept(token);
    expect(() => constraint.accept(tokens.at(-1) as number)).toThrow(/Expected a token that the mask allows/);
  });

  it('starts afresh for each answer', async () => {
    const compiler = new GrammarCompiler(letters, noTokens);
    const first = compiler.follow('root ::= "abc"');
    first.accept(2);
    const second = compiler.follow('root ::= "abc"');
    expect(allowed(maskOf(second, letters))).toEqual([0, 2, 3, 6]);
    expect(allowed(maskOf(first, letters))).toEqual([4]);
  });

  it('lets a failure cost one request only', async () => {
    const compiler = byteCompiler();
    expect(() => compiler.follow('root ::= (')).toThrow(SyntaxError);
    expect(() => compiler.follow('root ::= missing')).toThrow('Expected a rule `missing`');
    expect(() => compiler.follow('root ::= []')).toThrow('Expected a grammar that some text fits');
    expect(() => compiler.follow(`root ::= "${'a'.repeat(4_000_001)}"`)).toThrow(RangeError);
    expect(() => compiler.follow(`root ::= "${'ab'.repeat(250_000)}"`)).toThrow(/at most 400000 instructions/);
    expect(isWritable(compiler.follow('root ::= "fine"'), 'fine')).toBe(true);
  });

  it('says so where the vocabulary cannot write what has to come', async () => {
    const constraint = new GrammarCompiler(letters, noTokens).follow('root ::= "x"');
    expect(() => maskOf(constraint, letters)).toThrow(/Expected a vocabulary that can write every text/);
  });

  describe.each(['tiny-gemma3', 'tiny-qwen3'])('with the tokens of %s', (model) => {
    let vocabulary: Vocabulary;
    let compiler: GrammarCompiler;

    beforeAll(async () => {
      vocabulary = readVocabulary(TokenPieces.read(readTokenizer(model)), 2048, [1]);
      compiler = new GrammarCompiler(vocabulary, noTokens);
    });

    // The masks are put together from parts; the automaton, asked token by token, knows nothing of that.
    it.each(Object.keys(variedSchemas))('masks exactly what fits, token by token: %s', async (name) => {
      const { grammar } = schemaGrammar(variedSchemas[name] ?? false);
      const automaton = compileGrammar(grammar);
      const constraint = compiler.follow(grammar);
      const random = randomNumbers(name.length);
      let state = automaton.start();
      for (let turn = 0; state && turn < 12; turn++) {
        const place = state;
        const fits = (id: number) =>
          vocabulary.tokens[id] !== '' && automaton.follow(place, vocabulary.tokens[id] as string);
        const expected = vocabulary.tokens.map((_, id) => id).filter((id) => id !== 1 && fits(id));
        const mask = maskOf(constraint, vocabulary);
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
