import type { Automaton } from './automaton.ts';
import type { AutomatonState } from './automaton-state.ts';
import type { PairKind } from './grammar-node.ts';

type Place = {
  readonly left: AutomatonState;
  readonly right: AutomatonState | undefined;
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
    // What an `except` takes away has ended: the left side goes on alone, and it always comes to an end.
    if (!right) return kind === 'except';
    const key = keyOf(kind, left, right);
    return this.#known.get(key) ?? this.#search(kind, { left, right, from: undefined });
  }

  #search(kind: PairKind, start: Place): boolean {
    const queue: Place[] = [start];
    const seen = new Set([keyOf(kind, start.left, start.right)]);
    for (const place of queue) {
      if (this.#ends(kind, place)) return this.#learn(kind, place);
      if (seen.size > mostPlaces) {
        throw new RangeError(`Expected a grammar whose pairs meet within ${mostPlaces} states, received a larger one`);
      }
      for (const next of this.#neighbours(kind, place)) {
        const key = keyOf(kind, next.left, next.right);
        if (seen.has(key) || this.#known.get(key) === false) continue;
        seen.add(key);
        queue.push(next);
      }
    }
    for (const key of seen) this.#known.set(key, false);
    return false;
  }

  #ends(kind: PairKind, { left, right }: Place): boolean {
    if (this.isAccepting(kind, left, right)) return true;
    return kind === 'except' && !right ? true : this.#known.get(keyOf(kind, left, right)) === true;
  }

  #learn(kind: PairKind, end: Place): true {
    for (let place: Place | undefined = end; place; place = place.from) {
      this.#known.set(keyOf(kind, place.left, place.right), true);
    }
    return true;
  }

  #neighbours(kind: PairKind, place: Place): readonly Place[] {
    const places: Place[] = [];
    for (let byteClass = 0; byteClass < this.#automaton.program.samples.length; byteClass++) {
      const left = this.#automaton.stepClass(place.left, byteClass);
      const right = place.right && (this.#automaton.stepClass(place.right, byteClass) ?? undefined);
      if (left && (right || kind === 'except')) places.push({ left, right, from: place });
    }
    return places;
  }
}

const keyOf = (kind: PairKind, left: AutomatonState, right: AutomatonState | undefined): string =>
  `${kind},${left.id},${right?.id ?? ''}`;
