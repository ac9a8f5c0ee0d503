import { allowOnly } from '../constraint/allow.ts';
import type { Follower } from '../constraint/follower.ts';

/** The tokens that a turn with marked calls is made of. */
export type MarkedCallTokens = {
  readonly begin: number;
  readonly end: number;
  readonly stopIds: readonly number[];
};

/**
 * Leaves a model free until it writes the token that begins a call, then holds it to the calls' grammar until the token
 * that ends them. After a call comes another one or the end of the turn.
 */
export class MarkedCalls implements Follower {
  readonly finished = false;
  readonly #tokens: MarkedCallTokens;
  readonly #followCall: () => Follower;
  #place: 'start' | 'free' | 'call' | 'behind';
  #call: Follower | undefined;

  /**
   * @param followCall Follows what stands between the two tokens.
   * @param required Whether the turn must begin with a call.
   */
  constructor(tokens: MarkedCallTokens, followCall: () => Follower, required: boolean) {
    this.#tokens = tokens;
    this.#followCall = followCall;
    this.#place = required ? 'start' : 'free';
  }

  accept(token: number): void {
    const { begin, end } = this.#tokens;
    if (token === begin) {
      this.#place = 'call';
      this.#call = this.#followCall();
    } else if (token === end) this.#place = 'behind';
    else if (this.#place === 'call') this.#call?.accept(token);
  }

  force(most: number): readonly number[] {
    const forced: number[] = [];
    while (forced.length < most) {
      const marker = this.#nextMarker;
      if (marker !== undefined) this.accept(marker);
      const portion = marker === undefined ? this.#forceCall(most - forced.length) : [marker];
      if (portion.length === 0) break;
      forced.push(...portion);
    }
    return forced;
  }

  writeMask(mask: Int32Array): void {
    const { begin, end, stopIds } = this.#tokens;
    const marker = this.#nextMarker;
    if (marker !== undefined) allowOnly(mask, [marker]);
    else if (this.#place === 'behind') allowOnly(mask, [begin, ...stopIds]);
    else if (this.#place === 'call') this.#call?.writeMask(mask);
    else {
      mask.fill(-1);
      mask[end >> 5] = (mask[end >> 5] as number) & ~(1 << (end & 31));
    }
  }

  /** The marker that has to come next, if one has to. */
  get #nextMarker(): number | undefined {
    if (this.#place === 'start') return this.#tokens.begin;
    return this.#place === 'call' && this.#call?.finished ? this.#tokens.end : undefined;
  }

  #forceCall(most: number): readonly number[] {
    return this.#place === 'call' ? (this.#call?.force(most) ?? []) : [];
  }
}
