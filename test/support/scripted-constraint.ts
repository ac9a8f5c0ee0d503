import type { TokenConstraint } from '../../src/backends/onnx/constraint/token-constraint.ts';
import { spell } from './letter-model.ts';

/** What a grammar says after a token. */
export type GrammarState = {
  /** What follows in any case. Defaults to nothing. */
  readonly forced?: string;
  /** The letters that may follow it. Defaults to all. */
  readonly allowed?: string;
  /** Fails the answer instead. */
  readonly error?: Error;
};

/** A grammar written by hand, over the letters of the letter model: it goes from state to state, one for each token accepted. */
export class ScriptedConstraint implements TokenConstraint {
  ready: boolean;
  /** The tokens that were accepted. */
  readonly accepted: number[] = [];
  /** For how many milliseconds it was waited for, each time it was. */
  readonly waits: number[] = [];
  /** How often its memory was given back. */
  disposed = 0;
  readonly #states: readonly GrammarState[];
  readonly #slow: boolean;

  /**
   * @param states The one at the beginning, and the ones after each token. After the last one the text is whole.
   * @param slow Whether it becomes ready only when `release` is called, at the beginning and after each token.
   */
  constructor(states: readonly GrammarState[], slow = false) {
    this.#states = states;
    this.#slow = slow;
    this.ready = !slow;
  }

  get forced(): readonly number[] {
    const { forced = '', error } = this.#state;
    if (error) throw error;
    return spell(forced);
  }

  get mask(): Int32Array {
    const { allowed } = this.#state;
    if (allowed === undefined) return Int32Array.of(-1);
    return Int32Array.of(spell(allowed).reduce((bits, id) => bits | (1 << id), 0));
  }

  get finished(): boolean {
    const rest = this.#states.length - this.accepted.length;
    return rest <= 0 || (rest === 1 && this.#state.allowed === '');
  }

  wait(milliseconds: number): void {
    this.waits.push(milliseconds);
  }

  accept(token: number): void {
    this.accepted.push(token);
    this.ready = !this.#slow;
  }

  dispose(): void {
    this.disposed++;
  }

  /** Becomes ready. */
  release(): void {
    this.ready = true;
  }

  get #state(): GrammarState {
    return this.#states[this.accepted.length] ?? {};
  }
}
