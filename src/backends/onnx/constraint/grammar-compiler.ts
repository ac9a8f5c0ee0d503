import type { Automaton } from './grammar/automaton.ts';
import { compileGrammar } from './grammar/compile-grammar.ts';
import { MaskedConstraint } from './masked-constraint.ts';
import type { OldConstraint as TokenConstraint } from './old-constraint.ts';
import { TokenMasks } from './token-masks.ts';
import { TokenTrie } from './token-trie.ts';
import type { Vocabulary } from './vocabulary.ts';

type Compiled = { readonly automaton: Automaton; readonly masks: TokenMasks };

const mostGrammars = 64;
const mostStates = 100_000;

/** Makes constraints out of grammars, for the tokens of one model. */
export class GrammarCompiler {
  /** The tokens that the grammars are for. */
  readonly vocabulary: Vocabulary;
  readonly #trie: TokenTrie;
  readonly #compiled = new Map<string, Compiled>();

  static async create(vocabulary: Vocabulary): Promise<GrammarCompiler> {
    return new GrammarCompiler(vocabulary);
  }

  private constructor(vocabulary: Vocabulary) {
    this.vocabulary = vocabulary;
    this.#trie = new TokenTrie(vocabulary);
  }

  /**
   * Makes a constraint that begins at the rule `root`. A grammar that was compiled before costs nothing, as long as it
   * is among the 64 used last.
   *
   * @param grammar In the EBNF that `parseGrammar` reads.
   * @throws SyntaxError where it is not one; RangeError where it is too large, or no text fits it.
   */
  async compile(grammar: string): Promise<TokenConstraint> {
    const compiled = this.#recall(grammar) ?? this.#compile(grammar);
    this.#compiled.set(grammar, compiled);
    const [oldest] = this.#compiled.keys();
    if (this.#compiled.size > mostGrammars && oldest !== undefined) this.#compiled.delete(oldest);
    return new MaskedConstraint(compiled.automaton, compiled.masks, this.vocabulary);
  }

  /** Gives the memory back. Constraints that it made go on. */
  dispose(): void {
    this.#compiled.clear();
  }

  /** Takes the grammar out, so that it is put back as the latest. One that has grown too large is made anew. */
  #recall(grammar: string): Compiled | undefined {
    const known = this.#compiled.get(grammar);
    this.#compiled.delete(grammar);
    return known && known.automaton.size <= mostStates ? known : undefined;
  }

  #compile(grammar: string): Compiled {
    const automaton = compileGrammar(grammar);
    if (automaton.start() === null) {
      throw new RangeError('Expected a grammar that some text fits, received one that none fits');
    }
    return { automaton, masks: new TokenMasks(this.vocabulary, this.#trie, automaton) };
  }
}
