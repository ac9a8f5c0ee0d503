import { Automaton } from './automaton.ts';
import type { Grammar } from './grammar-node.ts';
import { GrammarProgram } from './grammar-program.ts';
import { parseGrammar } from './parse-grammar.ts';
import { pruneGrammar } from './prune-grammar.ts';

const mostCharacters = 4_000_000;
const mostInstructions = 400_000;
const mostThreads = 10_000;

/**
 * Makes an automaton that follows a grammar. It has no start where no text fits.
 *
 * @param dead What {@link findDead} gives for it.
 * @throws SyntaxError where it is not a grammar; RangeError where it is too large.
 */
export const compileGrammar = (text: string, dead: readonly number[] = findDead(text)): Automaton =>
  automatonOf(parse(text), new Set(dead));

/**
 * Finds the pairs of a grammar that nothing fits, by their ids: nearly all of the time that compiling takes.
 *
 * @throws SyntaxError where it is not a grammar; RangeError where it is too large.
 */
export const findDead = (text: string): readonly number[] => {
  const grammar = parse(text);
  const dead = new Set<number>();
  for (;;) {
    const automaton = automatonOf(grammar, dead);
    const found = automaton.program.pairs.filter((pair) => !automaton.isLive(pair));
    if (found.length === 0) return [...dead];
    for (const { pair } of found) dead.add(pair);
  }
};

const parse = (text: string): Grammar => {
  if (text.length <= mostCharacters) return parseGrammar(text);
  throw new RangeError(`Expected a grammar of at most ${mostCharacters} characters, received ${text.length}`);
};

const automatonOf = (grammar: Grammar, dead: ReadonlySet<number>): Automaton =>
  new Automaton(new GrammarProgram(pruneGrammar(grammar, dead), mostInstructions), mostThreads);
