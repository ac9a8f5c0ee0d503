import { describe, expect, it } from 'vitest';
import { GrammarCompiler } from '../../../../src/backends/onnx/constraint/grammar-compiler.ts';
import { MarkedCalls } from '../../../../src/backends/onnx/tools/marked-calls.ts';
import { allows, byteVocabulary } from '../../../support/byte-vocabulary.ts';
import { maskOf } from '../../../support/mask-of.ts';

const stop = 256;
const begin = 257;
const end = 258;
const vocabulary = { ...byteVocabulary, tokens: [...byteVocabulary.tokens, '', ''], size: 259 };

const encode = (text: string) => [...new TextEncoder().encode(text)];
const compiler = new GrammarCompiler(vocabulary, (_, text) => encode(text));

/** Calls of `f` or `g` without arguments. */
const calls = (required: boolean) =>
  new MarkedCalls(
    { begin, end, stopIds: [stop] },
    () => compiler.follow('root ::= "\\n" ("f" | "g") "()" "\\n"', begin),
    required,
  );

const allowed = (follower: MarkedCalls) => {
  const mask = maskOf(follower, vocabulary);
  return vocabulary.tokens.flatMap((_, id) => (allows(mask, id) ? [id] : []));
};

describe('MarkedCalls', () => {
  it('leaves the model free until it begins a call', () => {
    const follower = calls(false);
    expect(follower.force(9)).toEqual([]);
    expect(allowed(follower)).toEqual(vocabulary.tokens.map((_, id) => id).filter((id) => id !== end));
    follower.accept(65);
    expect(follower.force(9)).toEqual([]);
    expect(allowed(follower)).toContain(begin);
    follower.accept(begin);
    expect(allowed(follower)).toEqual(encode('\n'));
  });

  it('goes through a call as far as there is no choice, the tokens around it included', () => {
    const follower = calls(true);
    expect(allowed(follower)).toEqual([begin]);
    // The line break may be one token with what follows it.
    expect(follower.force(9)).toEqual([begin]);
    follower.accept(10);
    expect(follower.force(9)).toEqual([]);
    expect(allowed(follower)).toEqual(encode('fg'));
    follower.accept(encode('g')[0] as number);
    expect(follower.force(9)).toEqual([...encode('()\n'), end]);
    expect(allowed(follower)).toEqual([stop, begin]);
    expect(follower.finished).toBe(false);
  });

  it('takes it in portions', () => {
    const follower = calls(true);
    for (const token of [begin, ...encode('\nf')]) follower.accept(token);
    expect(follower.force(2)).toEqual(encode('()'));
    expect(allowed(follower)).toEqual(encode('\n'));
    follower.accept(10);
    expect(allowed(follower)).toEqual([end]);
    expect(follower.force(2)).toEqual([end]);
  });

  it('lets another call follow', () => {
    const follower = calls(false);
    for (const token of [begin, ...encode('\nf()\n'), end, begin, ...encode('\n')]) follower.accept(token);
    expect(allowed(follower)).toEqual(encode('fg'));
  });
});
