import { Automaton } from './automaton.ts';
import { GrammarProgram } from './grammar-program.ts';
import { parseGrammar } from './parse-grammar.ts';
import { pruneGrammar } from './prune-grammar.ts';

const mostCharacters = 4_000_000;
const mostInstructions = 400_000;
const mostThreads = 10_000;

/**
 * Makes an automaton that follows a grammar. It has no start where no text fits.
 *
 * @throws SyntaxError where it is not a grammar; RangeError where it is too large.
 */
export const compileGrammar = (text: string): Automaton => {
  if (text.length > mostCharacters) {
    throw new RangeError(`Expected a grammar of at most ${mostCharacters} characters, received ${text.length}`);
  }
  const grammar = parseGrammar(text);
  const dead = new Set<number>();
  for (;;) {
    const program = new GrammarProgram(pruneGrammar(grammar, dead), mostInstructions);
    const automaton = new Automaton(program, mostThreads);
    const found = program.pairs.filter((pair) => !automaton.isLive(pair));
    if (found.length === 0) return automaton;
    for (const { pair } of found) dead.add(pair);
  }
};
