import type { OldConstraint as TokenConstraint } from '../constraint/old-constraint.ts';

/** The tokens that a turn with marked calls is made of. */
export type MarkedCallTokens = {
  readonly begin: number;
  readonly end: number;
  readonly stopIds: readonly number[];
  /** How many scores the model gives. */
  readonly size: number;
};

/**
 * Leaves a model free until it writes the token that begins a call, then holds it to the calls' grammar until the token
 * that ends them. After a call comes another one or the end of the turn.
 */
export class MarkedCalls implements TokenConstraint {
  readonly finished = false;
  readonly #tokens: MarkedCallTokens;
  readonly #makeCall: () => Promise<TokenConstraint>;
  #free: Int32Array;
  #call: TokenConstraint | undefined;
  #calling = false;

  /**
   * @param makeCall Makes the constraint of what stands between the two tokens.
   * @param required Whether the turn must begin with a call.
   */
  constructor(tokens: MarkedCallTokens, makeCall: () => Promise<TokenConstraint>, required: boolean) {
    this.#tokens = tokens;
    this.#makeCall = makeCall;
    this.#free = required ? this.#only(tokens.begin) : this.#allBut(tokens.end);
  }

  async mask(): Promise<Int32Array> {
    if (!this.#calling) return this.#free;
    this.#call ??= await this.#makeCall();
    return this.#call.finished ? this.#only(this.#tokens.end) : this.#call.mask();
  }

  accept(token: number): void {
    const { begin, end, stopIds } = this.#tokens;
    if (token === begin) this.#calling = true;
    else if (token === end) {
      this.dispose();
      this.#calling = false;
      this.#free = this.#only(begin, ...stopIds);
    } else if (this.#calling) this.#call?.accept(token);
  }

  dispose(): void {
    this.#call?.dispose();
    this.#call = undefined;
  }

  #only(...ids: readonly number[]): Int32Array {
    const mask = new Int32Array(Math.ceil(this.#tokens.size / 32));
    for (const id of ids) mask[id >> 5] = (mask[id >> 5] ?? 0) | (1 << (id & 31));
    return mask;
  }

  #allBut(id: number): Int32Array {
    const mask = new Int32Array(Math.ceil(this.#tokens.size / 32)).fill(-1);
    mask[id >> 5] = (mask[id >> 5] ?? 0) & ~(1 << (id & 31));
    return mask;
  }
}
