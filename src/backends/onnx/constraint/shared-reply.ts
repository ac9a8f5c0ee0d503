import { maskWords } from './allow.ts';

// Where the words of a reply stand. The number is written last: who reads it can read the rest.
const number = 0;
const state = 1;
const count = 2;
const begin = 3;

const open = 0;
const whole = 1;
const failed = 2;

/**
 * What one thread tells another of what may come next in an answer. It is written over for each token, and lies in
 * memory of both, so that nothing is copied.
 */
export class SharedReply {
  /** The most forced tokens of one reply. */
  static readonly mostForced: number = 64;
  readonly memory: SharedArrayBuffer;
  /** Which tokens may come next. */
  readonly mask: Int32Array;
  readonly #words: Int32Array;

  /** @param tokens How many the mask speaks of. */
  static create(tokens: number): SharedReply {
    return new SharedReply(new SharedArrayBuffer(4 * (begin + SharedReply.mostForced + maskWords(tokens))));
  }

  constructor(memory: SharedArrayBuffer) {
    this.memory = memory;
    this.#words = new Int32Array(memory);
    this.mask = this.#words.subarray(begin + SharedReply.mostForced);
  }

  /** How many replies there were so far. */
  get number(): number {
    return Atomics.load(this.#words, number);
  }

  get finished(): boolean {
    return this.#words[state] === whole;
  }

  /** @throws Error where the reply is one. */
  get forced(): readonly number[] {
    const end = begin + (this.#words[count] as number);
    if (this.#words[state] !== failed) return Array.from(this.#words.subarray(begin, end));
    // Memory that is shared is no place to decode from.
    throw new Error(new TextDecoder().decode(this.#text.slice(0, this.#words[count])));
  }

  /** Blocks until there are more than `replies`, but no longer than this. */
  wait(replies: number, milliseconds: number): void {
    Atomics.wait(this.#words, number, replies, milliseconds);
  }

  /** The mask is written beforehand. */
  give(forced: readonly number[], finished: boolean): void {
    this.#words.set(forced, begin);
    this.#send(finished ? whole : open, forced.length);
  }

  fail(message: string): void {
    const bytes = new TextEncoder().encode(message).subarray(0, this.#text.length);
    this.#text.set(bytes);
    this.#send(failed, bytes.length);
  }

  #send(how: number, length: number): void {
    this.#words[state] = how;
    this.#words[count] = length;
    Atomics.add(this.#words, number, 1);
    Atomics.notify(this.#words, number);
  }

  /** Where an error is told, in the place of tokens and mask. */
  get #text(): Uint8Array {
    return new Uint8Array(this.memory, 4 * begin);
  }
}
