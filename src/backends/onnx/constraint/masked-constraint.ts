import type { Automaton } from './grammar/automaton.ts';
import type { AutomatonState } from './grammar/automaton-state.ts';
import type { OldConstraint as TokenConstraint } from './old-constraint.ts';
import type { TokenMasks } from './token-masks.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Follows one answer through an automaton. */
export class MaskedConstraint implements TokenConstraint {
  readonly #automaton: Automaton;
  readonly #masks: TokenMasks;
  readonly #vocabulary: Vocabulary;
  #state: AutomatonState | null;
  #ended = false;

  constructor(automaton: Automaton, masks: TokenMasks, vocabulary: Vocabulary) {
    this.#automaton = automaton;
    this.#masks = masks;
    this.#vocabulary = vocabulary;
    this.#state = automaton.start();
  }

  get finished(): boolean {
    return this.#ended || (this.#current.accepting && this.#current.threads.length === 0);
  }

  mask(): Int32Array {
    return this.#masks.of(this.#current);
  }

  accept(token: number): void {
    const { stopIds, tokens } = this.#vocabulary;
    const state = this.#current;
    if (stopIds.includes(token) && state.accepting) {
      this.#ended = true;
      return;
    }
    const bytes = this.#ended || stopIds.includes(token) ? '' : (tokens[token] ?? '');
    const next = this.#automaton.follow(state, bytes);
    if (!next || bytes === '') throw new RangeError(`Expected a token that the mask allows, received ${token}`);
    this.#state = next;
  }

  dispose(): void {
    this.#state = null;
  }

  get #current(): AutomatonState {
    if (!this.#state) throw new RangeError('Expected a constraint that is in use, received one that was disposed');
    return this.#state;
  }
}
