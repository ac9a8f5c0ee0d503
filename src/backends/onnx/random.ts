/**
 * A stream of pseudo-random numbers of its own for each request, so that a seed gives the same text whatever else runs.
 *
 * The generator is sfc32 of Chris Doty-Humphrey's PractRand (public domain, https://pracrand.sourceforge.net): 128 bits
 * of state, of which 32 count, so that no stream is shorter than 2^32.
 */
export class Random {
  #a = 0;
  #b: number;
  #c: number;
  #count = 1;

  /** Takes a safe integer; by default one of `Math.random`. */
  constructor(seed: number = Math.floor(Math.random() * Number.MAX_SAFE_INTEGER)) {
    this.#b = seed | 0;
    this.#c = Math.floor(seed / 2 ** 32) | 0;
    // As PractRand does after seeding, so that similar seeds give unlike streams.
    for (let round = 0; round < 12; round++) this.#word();
  }

  /** The next number, from 0 up to but not including 1, with 53 random bits. */
  next(): number {
    return ((this.#word() >>> 5) * 2 ** 26 + (this.#word() >>> 6)) / 2 ** 53;
  }

  #word(): number {
    const word = (((this.#a + this.#b) | 0) + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + word) | 0;
    return word;
  }
}
