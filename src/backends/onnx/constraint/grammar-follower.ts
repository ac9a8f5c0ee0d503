import { allowOnly } from './allow.ts';
import type { Follower } from './follower.ts';
import { forcedText } from './forced-text.ts';
import type { ForcedTokens } from './forced-tokens.ts';
import type { Automaton } from './grammar/automaton.ts';
import type { AutomatonState } from './grammar/automaton-state.ts';
import { goesOn } from './grammar/thread.ts';
import type { TokenMasks } from './token-masks.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A grammar, ready for the tokens of one model. */
export type CompiledGrammar = {
  readonly automaton: Automaton;
  readonly masks: TokenMasks;
  readonly forced: ForcedTokens;
  readonly vocabulary: Vocabulary;
};

/** Follows one answer through an automaton. */
export class GrammarFollower implements Follower {
  readonly #grammar: CompiledGrammar;
  #state: AutomatonState;
  #last: number | undefined;
  /** Forced tokens that were too many for one portion. */
  #rest: readonly number[] = [];
  #ended = false;

  /**
   * @param start The state before any text.
   * @param before The token behind which the text begins.
   */
  constructor(grammar: CompiledGrammar, start: AutomatonState, before?: number) {
    this.#grammar = grammar;
    this.#state = start;
    this.#last = before;
  }

  get finished(): boolean {
    return this.#ended || (this.#state.accepting && !this.#state.threads.some(goesOn));
  }

  accept(token: number): void {
    const { automaton, vocabulary } = this.#grammar;
    const stops = vocabulary.stopIds.includes(token);
    const [next = token, ...rest] = this.#rest;
    if (stops && this.#state.accepting) {
      this.#ended = true;
      return;
    }
    const bytes = this.#ended || stops ? '' : (vocabulary.tokens[token] ?? '');
    const reached = automaton.follow(this.#state, bytes);
    if (!reached || bytes === '' || token !== next) {
      throw new RangeError(`Expected a token that the mask allows, received ${token}`);
    }
    this.#state = reached;
    this.#last = token;
    this.#rest = rest;
  }

  force(most: number): readonly number[] {
    const { automaton, forced } = this.#grammar;
    const all = this.#rest.length > 0 ? this.#rest : forced.of(this.#last, forcedText(automaton, this.#state));
    this.#rest = all;
    const portion = all.slice(0, most);
    for (const token of portion) this.accept(token);
    return portion;
  }

  writeMask(mask: Int32Array): void {
    if (this.#rest.length > 0) allowOnly(mask, this.#rest.slice(0, 1));
    else this.#grammar.masks.write(this.#state, mask);
  }
}
