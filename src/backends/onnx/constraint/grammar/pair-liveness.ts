import type { Automaton } from './automaton.ts';
import type { AutomatonState } from './automaton-state.ts';
import type { PairKind } from './grammar-node.ts';

/** Where the two sides of a pair stand, and from where they came there. */
type Place = {
  readonly left: AutomatonState;
  readonly right: AutomatonState;
  readonly from: Place | undefined;
};

const mostPlaces = 200_000;

/**
 * Knows whether two automata, followed side by side, can still come to an end together. Without it a text could be led
 * to where each side allows something, but never the same.
 */
export class PairLiveness {
  readonly #automaton: Automaton;
  readonly #known = new Map<string, boolean>();

  constructor(automaton: Automaton) {
    this.#automaton = automaton;
  }

  isAccepting(kind: PairKind, left: AutomatonState, right: AutomatonState | undefined): boolean {
    return left.accepting && (kind === 'both') === (right?.accepting ?? false);
  }

  /** @throws RangeError where that takes too long to find out. */
  isLive(kind: PairKind, left: AutomatonState, right: AutomatonState | undefined): boolean {
    if (this.isAccepting(kind, left, right)) return true;
    // What an `except` takes away has ended: the left side goes on alone, and it always comes to an end.
    if (!right) return kind === 'except';
    const places = this.#places(kind, left, right, undefined);
    if (places.some((place) => this.#known.get(keyOf(kind, place)) === true)) return true;
    return this.#search(kind, places);
  }

  /** Goes on in all ways at once, until one comes to an end. */
  #search(kind: PairKind, starts: readonly Place[]): boolean {
    const queue: Place[] = [];
    const seen = new Set<string>();
    const add = (place: Place): void => {
      const key = keyOf(kind, place);
      if (seen.has(key) || this.#known.get(key) === false) return;
      seen.add(key);
      queue.push(place);
    };
    for (const start of starts) add(start);
    for (const place of queue) {
      if (this.#known.get(keyOf(kind, place)) === true) return this.#learn(kind, place);
      for (let byteClass = 0; byteClass < this.#automaton.program.samples.length; byteClass++) {
        const left = this.#automaton.stepClass(place.left, byteClass);
        const right = this.#automaton.stepClass(place.right, byteClass) ?? undefined;
        if (!left || (!right && kind === 'both')) continue;
        if (!right || this.isAccepting(kind, left, right)) return this.#learn(kind, place);
        for (const next of this.#places(kind, left, right, place)) add(next);
      }
      if (seen.size > mostPlaces) {
        throw new RangeError(`Expected a grammar whose pairs meet within ${mostPlaces} states, received a larger one`);
      }
    }
    for (const key of seen) this.#known.set(key, false);
    return false;
  }

  /**
   * For `both` it is enough that one way through the left side meets one through the right, and there are far fewer of
   * these than of all ways together. For `except` all ways through the right side count.
   */
  #places(kind: PairKind, left: AutomatonState, right: AutomatonState, from: Place | undefined): readonly Place[] {
    if (kind === 'except') return [{ left, right, from }];
    const rights = right.threads.map((thread) => this.#automaton.alone(thread));
    return left.threads.flatMap((thread) => {
      const alone = this.#automaton.alone(thread);
      return rights.map((other) => ({ left: alone, right: other, from }));
    });
  }

  #learn(kind: PairKind, end: Place): true {
    for (let place: Place | undefined = end; place; place = place.from) this.#known.set(keyOf(kind, place), true);
    return true;
  }
}

const keyOf = (kind: PairKind, { left, right }: Place): string => `${kind},${left.id},${right.id}`;
