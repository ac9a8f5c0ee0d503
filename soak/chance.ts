import { randomNumbers } from '../test/support/random-numbers.ts';

/** Draws lots; the same ones for the same seeds. */
export class Chance {
  readonly next: () => number;

  constructor(...seeds: readonly number[]) {
    this.next = randomNumbers(seeds.reduce((mixed, seed) => Math.imul(mixed, 0x01000193) ^ seed, 0x811c9dc5));
    // The first numbers of seeds that are alike are alike.
    for (let count = 0; count < 3; count++) this.next();
  }

  /** True in so many of 1. */
  of(share: number): boolean {
    return this.next() < share;
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.between(0, choices.length - 1)] as T;
  }
}
