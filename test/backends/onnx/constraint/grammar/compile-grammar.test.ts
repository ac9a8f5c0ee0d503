import { describe, expect, it } from 'vitest';
import { compileGrammar } from '../../../../../src/backends/onnx/constraint/grammar/compile-grammar.ts';

const bytes = (text: string) => String.fromCharCode(...new TextEncoder().encode(text));

const fits = (grammar: string, text: string): boolean => {
  const automaton = compileGrammar(grammar);
  const start = automaton.start();
  return (start && automaton.follow(start, bytes(text)))?.accepting ?? false;
};

describe('compileGrammar', () => {
  it.each([
    ['a text', 'root ::= "ab"', ['ab'], ['', 'a', 'abc', 'b']],
    ['escapes', 'root ::= "\\"\\\\\\n\\x41\\u00e9\\U0001F600"', ['"\\\nAé😀'], ['"\\nAé😀']],
    ['a class', 'root ::= [a-c\\u00e9]', ['a', 'c', 'é'], ['d', 'e', '']],
    ['a class of what is left', 'root ::= [^a-c"]', ['d', 'é', '😀', '\n'], ['a', '"', 'de']],
    ['signs within a class', 'root ::= [\\]\\\\^-]+', [']\\^-'], ['[', 'a']],
    ['alternatives', 'root ::= "a" | "b" "c" | ""', ['a', 'bc', ''], ['b', 'ac']],
    ['a group', 'root ::= ("a" | "b") "c"', ['ac', 'bc'], ['a', 'c']],
    ['what may be left out', 'root ::= "a"? "b"', ['b', 'ab'], ['aab', 'a']],
    ['any number', 'root ::= "a"*', ['', 'a', 'aaaa'], ['b']],
    ['at least one', 'root ::= [ab]+', ['a', 'abba'], ['']],
    ['counts', 'root ::= "a"{2} "b"{1,3} "c"{2,}', ['aabcc', 'aabbbccccc'], ['abcc', 'aabbbbcc', 'aabc']],
    ['counts of counts', 'root ::= ("a"{1,2} ";"){2}', ['a;aa;', 'aa;aa;'], ['a;', 'aaa;a;', 'a;a;a;']],
    ['a count of what can be empty', 'root ::= ("a"?){3} "b"', ['b', 'ab', 'aaab'], ['aaaab']],
    ['rules', 'root ::= one " " two # a comment\none ::= "1"\ntwo ::= one one', ['1 11'], ['1 1']],
    ['recursion', 'root ::= "(" root ")" | "."', ['.', '((.))'], ['(.', '((.)']],
    ['recursion to the right', 'root ::= "a" root | "b"', ['b', `${'a'.repeat(2000)}b`], ['a']],
    ['what both sides allow', 'root ::= [a-z]+ & "b"? "c"*', ['b', 'ccc', 'bc'], ['', 'a']],
    ['all but something', 'root ::= [a-z]{0,3} - ("no" | "")', ['n', 'nob', 'yes'], ['no', '', 'long']],
    ['three at once', 'root ::= [a-z]* & "a" [a-z]* - [a-z]* "z"', ['a', 'abc'], ['az', 'b']],
    ['more after a pair', 'root ::= "<" ([ab]* & [bc]*) ">"', ['<>', '<bb>'], ['<a>', '<b']],
  ])('reads %s', (_, grammar, allowed, refused) => {
    expect(allowed.filter((text) => !fits(grammar, text))).toEqual([]);
    expect(refused.filter((text) => fits(grammar, text))).toEqual([]);
  });

  it('allows nothing that is not UTF-8', () => {
    const automaton = compileGrammar('root ::= [^a]');
    const start = automaton.start();
    for (const text of ['\xc0\x80', '\xed\xa0\x80', '\xf4\x90\x80\x80', '\x80', '\xff']) {
      expect(start && automaton.follow(start, text), JSON.stringify(text)).toBeNull();
    }
  });

  it('splits characters into bytes as UTF-8 does', () => {
    for (const code of [0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff]) {
      const text = String.fromCodePoint(code);
      const hex = code.toString(16).padStart(8, '0');
      expect(fits(`root ::= [\\U${hex}]`, text), hex).toBe(true);
      expect(fits(`root ::= [^\\U${hex}]`, text), hex).toBe(false);
      expect(fits('root ::= [\\x20-\\U0010ffff]', text), hex).toBe(true);
    }
  });

  it('never leads to where nothing may follow', () => {
    const grammar = 'root ::= "a" (dead | "b" []? "c") | ([ab]{3} & ("a" "b")*) | "x" ("y"* & "z"+)\ndead ::= "d" dead';
    const automaton = compileGrammar(grammar);
    const start = automaton.start();
    expect(start && automaton.follow(start, 'abc')?.accepting).toBe(true);
    for (const text of ['ad', 'aba', 'x']) expect(start && automaton.follow(start, text), text).toBeNull();
  });

  it.each([
    ['an empty class', 'root ::= []'],
    ['a rule without an end', 'root ::= "a" root'],
    ['sides with nothing in common', 'root ::= "a"+ & "b"+'],
    ['a difference of nothing', 'root ::= "a" - [a-z]'],
    ['lengths that never meet', 'root ::= "x" (("ab")* & [ab]{3})'],
    ['more than there can be', 'root ::= "a"{3,2}'],
  ])('has no start where no text fits: %s', (_, grammar) => {
    expect(compileGrammar(grammar).start()).toBeNull();
  });

  it.each([
    ['root ::= "a', /Expected a grammar, received/],
    ['root ::= ("a"', /Expected a group to be closed/],
    ['root ::= "a" )', /Expected a rule, received/],
    ['root ::= other', /Expected a rule `other`/],
    ['root ::= "a"\nroot ::= "b"', /Expected one rule `root`, received two/],
    ['root ::= root "a" | "b"', /Expected a rule that begins with a text, received `root`/],
    ['root ::= one\none ::= "x"? two\ntwo ::= one "y" | "z"', /Expected a rule that begins with a text/],
  ])('refuses %j', (grammar, message) => {
    expect(() => compileGrammar(grammar)).toThrow(message);
  });

  it('refuses a text that fits in too many ways', () => {
    const automaton = compileGrammar('root ::= (("a"{0,300} "b"?){0,300} "c"?){0,300} "d"');
    expect(() => automaton.start()).toThrow(/in at most 10000 ways/);
  });

  it('counts far without taking long', () => {
    const began = performance.now();
    expect(fits('root ::= [a-z]{100000,200000}', 'a'.repeat(100_001))).toBe(true);
    expect(performance.now() - began).toBeLessThan(5000);
  });
});
