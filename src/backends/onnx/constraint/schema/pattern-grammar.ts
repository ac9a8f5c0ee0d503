import regjsparser from 'regjsparser';
import { compileGrammar } from '../grammar/compile-grammar.ts';
import { GrammarWriter } from '../grammar-writer.ts';
import { bounds } from './bounds.ts';
import { characterCodes, type PatternNode } from './character-codes.ts';
import { characterRule, everyCharacter } from './character-rule.ts';
import { isSteady } from './is-steady.ts';
import { type PatternBranch, patternBranches } from './pattern-branches.ts';
import { UnheldPattern } from './unheld-pattern.ts';

/** How many characters a string may have. */
export type Lengths = { readonly min: number; readonly max: number };

/** No bound at all. */
export const anyLength: Lengths = { min: 0, max: Number.POSITIVE_INFINITY };

/** What a part of a pattern looks like in EBNF, and how many characters it takes. */
type Piece = Lengths & { readonly text: string };

type Quantifier = Extract<PatternNode, { type: 'quantifier' }>;

/** How often quantifiers repeat, where that is not what they say. */
type Counts = ReadonlyMap<PatternNode, Lengths>;

/**
 * What may stand between the quotes of a JSON string that matches a pattern, in EBNF.
 *
 * @param lengths What the schema asks for beside the pattern.
 * @param exact Whether `max` is the schema's own; ours is allowed to be missed where that makes it simpler.
 * @throws UnheldPattern where a grammar cannot say what the pattern does.
 */
export const patternGrammar = (writer: GrammarWriter, pattern: string, lengths: Lengths, exact: boolean): string => {
  const branches = patternBranches(parse(pattern));
  checkGrowth(branches);
  return branches.map((branch) => bounded(writer, branch, lengths, exact)).join(' | ');
};

const checkGrowth = (branches: readonly PatternBranch[]): void => {
  const writer = new GrammarWriter();
  const free = branches.map((branch) => bounded(writer, branch, anyLength, true)).join(' | ');
  if (!isSteady(compileGrammar(writer.write(free)))) throw new UnheldPattern('ways that multiply');
};

const parse = (pattern: string): PatternNode => {
  try {
    return regjsparser.parse(pattern, 'u', {
      namedGroups: true,
      lookbehind: true,
      unicodePropertyEscape: true,
    }) as PatternNode;
  } catch (error) {
    throw new UnheldPattern(`a mistake: ${(error as Error).message}`);
  }
};

/** A branch that is no shorter and no longer than it may be. */
const bounded = (writer: GrammarWriter, branch: PatternBranch, lengths: Lengths, exact: boolean): string => {
  const counts = adjust(writer, branch, lengths);
  const piece = new PatternTranslator(writer, counts ?? new Map()).sequence(branch);
  const most = exact ? lengths.max : Math.max(lengths.max, mostCharacters);
  if (piece.min >= lengths.min && piece.max <= most) return `(${piece.text})`;
  const max = exact ? lengths.max : Math.max(lengths.max, piece.min + bounds.characters);
  return `((${piece.text}) & ${characterRule(writer, everyCharacter)}{${lengths.min},${max}})`;
};

/** A pattern that ends by itself may take as many characters as this, where the schema has no `maxLength`. */
const mostCharacters = 8 * bounds.characters;

/** Where only one character's repetition decides about the length, it can be counted there. */
const adjust = (writer: GrammarWriter, branch: PatternBranch, { min, max }: Lengths): Counts | undefined => {
  const translator = new PatternTranslator(writer, new Map());
  const varying = branch.filter((node) => {
    const piece = translator.piece(node);
    return piece.min !== piece.max;
  });
  const [only, ...others] = varying;
  if (!only || others.length > 0 || only.type !== 'quantifier' || !characterCodes(only.body[0])) return undefined;
  const rest = translator.sequence(branch.filter((node) => node !== only)).min;
  return new Map([[only, { min: Math.max(only.min, min - rest), max: Math.min(countOf(only), max - rest) }]]);
};

const countOf = ({ max = Number.POSITIVE_INFINITY }: Quantifier): number => max;

class PatternTranslator {
  readonly #writer: GrammarWriter;
  readonly #counts: Counts;

  constructor(writer: GrammarWriter, counts: Counts) {
    this.#writer = writer;
    this.#counts = counts;
  }

  sequence(nodes: readonly PatternNode[]): Piece {
    const pieces = nodes.map((node) => this.piece(node));
    const sum = (bound: 'min' | 'max') => pieces.reduce((total, piece) => total + piece[bound], 0);
    return { text: ['""', ...pieces.map(({ text }) => text)].join(' '), min: sum('min'), max: sum('max') };
  }

  piece(node: PatternNode): Piece {
    const codes = characterCodes(node);
    if (codes) return { text: characterRule(this.#writer, codes), min: 1, max: 1 };
    switch (node.type) {
      case 'alternative':
        return this.sequence(node.body);
      case 'disjunction':
        return this.#choice(node.body);
      case 'quantifier':
        return this.#repeat(node);
      case 'group':
        if (node.behavior === 'normal' || node.behavior === 'ignore') return this.#group(node.body);
        throw new UnheldPattern(`a ${node.behavior}`);
      default:
        throw new UnheldPattern(`a ${node.type}`);
    }
  }

  #group(body: readonly PatternNode[]): Piece {
    const piece = this.sequence(body);
    return { ...piece, text: `(${piece.text})` };
  }

  #choice(nodes: readonly PatternNode[]): Piece {
    const pieces = nodes.map((node) => this.piece(node));
    return {
      text: `(${pieces.map(({ text }) => text).join(' | ')})`,
      min: Math.min(...pieces.map(({ min }) => min)),
      max: Math.max(...pieces.map(({ max }) => max)),
    };
  }

  #repeat(node: Quantifier): Piece {
    const inside = this.piece(node.body[0]);
    const { min, max } = this.#counts.get(node) ?? { min: node.min, max: countOf(node) };
    if (max < min) return { text: '[]', min: 0, max: 0 };
    const counts = max === Number.POSITIVE_INFINITY ? `{${min},}` : `{${min},${max}}`;
    return { text: `(${inside.text})${counts}`, min: min * inside.min, max: inside.max === 0 ? 0 : max * inside.max };
  }
}
