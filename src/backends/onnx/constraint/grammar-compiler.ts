import { Recent } from '../recent.ts';
import type { Follower } from './follower.ts';
import { type EncodeAfter, ForcedTokens } from './forced-tokens.ts';
import type { AutomatonState } from './grammar/automaton-state.ts';
import { compileGrammar } from './grammar/compile-grammar.ts';
import { type CompiledGrammar, GrammarFollower } from './grammar-follower.ts';
import { TokenMasks } from './token-masks.ts';
import { TokenTrie } from './token-trie.ts';
import type { Vocabulary } from './vocabulary.ts';

type Compiled = CompiledGrammar & { readonly start: AutomatonState };

const mostGrammars = 64;
const mostStates = 100_000;

/** Compiles grammars for the tokens of one model. */
export class GrammarCompiler {
  /** The tokens that the grammars are for. */
  readonly vocabulary: Vocabulary;
  readonly #trie: TokenTrie;
  readonly #forced: ForcedTokens;
  readonly #compiled = new Recent<Compiled>(mostGrammars);

  constructor(vocabulary: Vocabulary, encode: EncodeAfter) {
    this.vocabulary = vocabulary;
    this.#trie = new TokenTrie(vocabulary);
    this.#forced = new ForcedTokens(vocabulary, encode);
  }

  /**
   * Follows one answer from the rule `root` on. A grammar that was compiled before costs nothing, as long as it is
   * among the 64 used last.
   *
   * @param grammar In the EBNF that `parseGrammar` reads.
   * @param before The token behind which the answer begins.
   * @param dead What `findDead` gives for it, where that is known: then compiling takes no longer than reading.
   * @throws SyntaxError where it is not one; RangeError where it is too large, or no text fits it.
   */
  follow(grammar: string, before?: number, dead?: readonly number[]): Follower {
    // One that has grown too large is made anew.
    const small = ({ automaton }: Compiled) => automaton.size <= mostStates;
    const compiled = this.#compiled.get(grammar, () => this.#compile(grammar, dead), small);
    return new GrammarFollower(compiled, compiled.start, before);
  }

  #compile(grammar: string, dead?: readonly number[]): Compiled {
    const automaton = compileGrammar(grammar, dead);
    const start = automaton.start();
    if (start === null) throw new RangeError('Expected a grammar that some text fits, received one that none fits');
    const masks = new TokenMasks(this.vocabulary, this.#trie, automaton);
    return { automaton, start, masks, forced: this.#forced, vocabulary: this.vocabulary };
  }
}
