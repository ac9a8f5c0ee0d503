import { describe, expect, it } from 'vitest';
import { forcedText } from '../../../../src/backends/onnx/constraint/forced-text.ts';
import { type EncodeAfter, ForcedTokens } from '../../../../src/backends/onnx/constraint/forced-tokens.ts';
import { compileGrammar } from '../../../../src/backends/onnx/constraint/grammar/compile-grammar.ts';
import { GrammarCompiler } from '../../../../src/backends/onnx/constraint/grammar-compiler.ts';
import { schemaGrammar } from '../../../../src/backends/onnx/constraint/schema-grammar.ts';
import type { Vocabulary } from '../../../../src/backends/onnx/constraint/vocabulary.ts';
import { allows } from '../../../support/byte-vocabulary.ts';
import { maskOf } from '../../../support/mask-of.ts';

/** The text behind the beginning of a grammar. */
const forcedAfter = (grammar: string, begun = '') => {
  const automaton = compileGrammar(grammar);
  const state = automaton.follow(automaton.start() as never, begun);
  if (!state) throw new Error(`Expected ${begun} to fit`);
  return forcedText(automaton, state);
};

const bytes = (text: string) => String.fromCharCode(...new TextEncoder().encode(text));

const tokens = ['', '{"', 'name', '":', ' "', 'inter', 'nat', 'Ã', '¯', ' ', '"', 'ional', 'x', '<stop>', 'na'];
const vocabulary: Vocabulary = { tokens, size: tokens.length, stopIds: [13] };

/** The longest token each time. */
const greedy: EncodeAfter = (_, text) => {
  const ids: number[] = [];
  for (let rest = bytes(text); rest !== ''; ) {
    const fitting = tokens.flatMap((token, id) => (token !== '' && rest.startsWith(token) ? [id] : []));
    const id = fitting.sort((one, other) => (tokens[other] as string).length - (tokens[one] as string).length)[0];
    if (id === undefined) return [...ids, 0];
    ids.push(id);
    rest = rest.slice((tokens[id] as string).length);
  }
  return ids;
};

const forced = new ForcedTokens(vocabulary, greedy);

describe('forcedText', () => {
  it.each([
    ['up to a choice', 'root ::= "ab" ("c" | "d")', '', { bytes: 'ab', whole: false }],
    ['the same beginning of several', 'root ::= "abc" | "abd"', '', { bytes: 'ab', whole: false }],
    ['to the end', 'root ::= "ab" "c"{3}', 'a', { bytes: 'bccc', whole: true }],
    ['up to where the text may end', 'root ::= "ab" "c"?', '', { bytes: 'ab', whole: false }],
    ['nothing where the text may end', 'root ::= "ab" "c"?', 'ab', { bytes: '', whole: false }],
    ['what both sides allow', 'root ::= ([ab] "c") & ("b" [cd])', '', { bytes: 'bc', whole: true }],
    ['on behind a pair', 'root ::= ([ab]{2} - "ab") "cd"', 'ba', { bytes: 'cd', whole: true }],
    ['nothing where a side leaves a choice', 'root ::= [a-z]{2} - "ab"', '', { bytes: '', whole: false }],
  ])('goes %s', (_, grammar, begun, expected) => {
    expect(forcedAfter(grammar, begun)).toEqual(expected);
  });

  it('stops after a while, and goes on from there', () => {
    const { bytes: first, whole } = forcedAfter(`root ::= "${'a'.repeat(3000)}"`);
    expect(whole).toBe(false);
    expect(first.length).toBeGreaterThan(500);
    expect(first.length).toBeLessThan(3000);
  });
});

describe('ForcedTokens', () => {
  const of = (text: string, whole = false) => forced.of(undefined, { bytes: bytes(text), whole });
  const written = (ids: readonly number[]) => ids.map((id) => tokens[id]).join('|');

  it('leaves out the last token, which may be one with what follows', () => {
    expect(written(of('{"name": "'))).toBe('{"|name|":');
    expect(written(of('{"'))).toBe('');
  });

  it('leaves out the whole last word', () => {
    expect(written(of('{"name": "internat'))).toBe('{"|name|":| "');
  });

  it('leaves out nothing where the text is whole', () => {
    expect(written(of('{"name', true))).toBe('{"|name');
  });

  it('stays within whole characters', () => {
    expect(written(forced.of(undefined, { bytes: `{"${bytes('ï').slice(0, 1)}`, whole: false }))).toBe('');
    expect(written(forced.of(undefined, { bytes: bytes('ï').slice(1), whole: true }))).toBe('');
    expect(written(of('"ï "', true))).toBe('"|Ã|¯| "');
  });

  it('stops before a token that writes something else', () => {
    expect(written(of('{"name?', true))).toBe('{"');
    expect(written(of('{"name":<stop>', true))).toBe('{"|name');
  });
});

describe('a grammar that is followed', () => {
  const compiler = new GrammarCompiler(vocabulary, greedy);
  const { grammar } = schemaGrammar({ const: 'namenamename' });

  it('is forced to its end, and is finished there', () => {
    const follower = compiler.follow('root ::= "{\\"name\\":"');
    expect(follower.force(9)).toEqual([1, 2, 3]);
    expect(follower.finished).toBe(true);
    expect(allows(maskOf(follower, vocabulary), 13)).toBe(true);
  });

  it('comes in portions, between which there is no choice', () => {
    const follower = compiler.follow(grammar);
    expect(follower.force(2)).toEqual([10, 2]);
    const mask = maskOf(follower, vocabulary);
    expect(tokens.flatMap((_, id) => (allows(mask, id) ? [id] : []))).toEqual([2]);
    expect(() => follower.accept(14)).toThrow(/Expected a token that the mask allows/);
    follower.accept(2);
    expect(follower.force(2)).toEqual([2, 10]);
    expect(follower.finished).toBe(true);
  });

  it('is not forced where there is a choice', () => {
    const follower = compiler.follow('root ::= "name" | "x"');
    expect(follower.force(9)).toEqual([]);
    follower.accept(2);
    expect(follower.finished).toBe(true);
  });
});
