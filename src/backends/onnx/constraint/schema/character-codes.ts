import type { AstNode } from 'regjsparser';
import { type CodeRange, CodeRanges } from '../grammar/code-ranges.ts';
import { UnheldPattern } from './unheld-pattern.ts';

type Syntax = { unicodePropertyEscape: true };

/** A part of a regular expression, as regjsparser gives it. */
export type PatternNode = AstNode<Syntax>;

const lineEnds = CodeRanges.from('\n\r\u2028\u2029');
const digits = CodeRanges.from('0123456789');
const words = CodeRanges.of([0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]);
const spaces = CodeRanges.from('\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff').union(
  CodeRanges.of([0x2000, 0x200a]),
);
const escapes: Readonly<Record<string, CodeRanges>> = { d: digits, w: words, s: spaces };

/** The characters that a part of a regular expression stands for; `undefined` where it is not about one character. */
export const characterCodes = (node: PatternNode): CodeRanges | undefined => {
  switch (node.type) {
    case 'value':
      return CodeRanges.of([node.codePoint, node.codePoint]);
    case 'dot':
      return lineEnds.complement();
    case 'characterClassEscape': {
      const codes = escapes[node.value.toLowerCase()] ?? CodeRanges.none;
      return node.value === node.value.toLowerCase() ? codes : codes.complement();
    }
    case 'characterClassRange':
      return CodeRanges.of([node.min.codePoint, node.max.codePoint]);
    case 'unicodePropertyEscape':
      return node.negative ? property(node.value).complement() : property(node.value);
    case 'characterClass': {
      const codes = node.body.map((part) => characterCodes(part) ?? CodeRanges.none);
      const all = codes.reduce((one, other) => one.union(other), CodeRanges.none);
      return node.negative ? all.complement() : all;
    }
    default:
      return undefined;
  }
};

const known = new Map<string, CodeRanges>();

/** Asks the regular expressions of this runtime, so that the answer is the one that the validator gives. */
const property = (name: string): CodeRanges => {
  const found = known.get(name) ?? scan(name);
  known.set(name, found);
  return found;
};

const scan = (name: string): CodeRanges => {
  const pattern = compile(name);
  const ranges: CodeRange[] = [];
  let first = -1;
  for (let code = 0; code <= 0x110000; code++) {
    const holds = code < 0x110000 && pattern.test(String.fromCodePoint(code));
    if (holds && first < 0) first = code;
    if (!holds && first >= 0) {
      ranges.push([first, code - 1]);
      first = -1;
    }
  }
  return CodeRanges.of(...ranges);
};

const compile = (name: string): RegExp => {
  try {
    return new RegExp(`^\\p{${name}}$`, 'u');
  } catch {
    throw new UnheldPattern(`\\p{${name}}`);
  }
};
