import type { Spend } from './allowance.ts';
import { type PatternAutomaton, type Places, patternAutomaton } from './pattern-automaton.ts';

/** Places of which each can be reached from each. */
type Loop = ReadonlySet<number>;

/** Moves that are looked at before two loops are thought to share a text. */
const mostMoves = 200_000;
/** In how many ways a pattern may read some text of `countedLetters`. */
const mostWays = 1_000_000;
const countedLetters = 64;

/**
 * How the time of a failing match grows with the length of the text, as the exponent of a polynomial: `1` is linear,
 * `Infinity` exponential.
 *
 * It is one more than the growth of the number of ways in which the pattern can read a text. That is exponential where
 * a loop can read something in two ways, and gains a power for each two loops in a row that can share a text.
 *
 * @param spend Told of the work before it is done.
 */
export const patternGrowth = (pattern: string, spend: Spend): number => {
  const automaton = patternAutomaton(pattern, spend);
  const loops = loopsOf(automaton);
  const search = new Search(automaton, spend);
  if (loops.some((loop) => search.splits(loop)) || automaton.starts.some((start) => crowds(automaton, start, spend))) {
    return Number.POSITIVE_INFINITY;
  }
  const powers = loops.map(() => 0);
  loops.forEach((loop, index) => {
    spend(automaton.next.length);
    const beyond = reachable(automaton, loop);
    for (let later = index + 1; later < loops.length; later++) {
      const other = loops[later] as Loop;
      if (!meets(beyond, other)) continue;
      const power = (powers[index] as number) + (search.shares(loop, other) ? 1 : 0);
      powers[later] = Math.max(powers[later] as number, power);
    }
  });
  const [whole = 0, ...around] = automaton.starts.map((start) => {
    const within = reachable(automaton, start.keys());
    return Math.max(-1, ...loops.flatMap((loop, index) => (meets(within, loop) ? [powers[index] as number] : [])));
  });
  return 1 + Math.max(0, whole) + Math.max(0, ...around.map((power) => power + 1));
};

/** Looks for texts that a pattern can read in several ways, by running it on the unknown text several times at once. */
class Search {
  readonly #automaton: PatternAutomaton;
  readonly #spend: Spend;

  constructor(automaton: PatternAutomaton, spend: Spend) {
    this.#automaton = automaton;
    this.#spend = spend;
  }

  /** Whether some text leads from a place of the loop back to it in two ways. */
  splits(loop: Loop): boolean {
    const found = new Set<string>();
    const open: (readonly [number, number])[] = [...loop].map((place) => [place, place]);
    for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
      const [one, other] = pair;
      const others = this.#within(other, loop);
      for (const [a, ways] of this.#within(one, loop)) {
        if (one === other && ways > 1) return true;
        this.#spend(others.length);
        for (const [b] of others) {
          if (a === b ? one === other : !this.#common(a, b)) continue;
          if (a === b) return true;
          const key = a < b ? `${a},${b}` : `${b},${a}`;
          if (!found.has(key)) open.push(a < b ? [a, b] : [b, a]);
          found.add(key);
        }
      }
    }
    return false;
  }

  /** Whether some text can be read in the first loop, in the second, and on the way from one to the other. */
  shares(first: Loop, second: Loop): boolean {
    return [...first].some((from) => [...second].some((to) => this.#bridges(from, to, first, second)));
  }

  #bridges(from: number, to: number, first: Loop, second: Loop): boolean {
    const goal = `${from},${to},${to}`;
    let moves = 0;
    const found = new Set<string>();
    const open: (readonly [number, number, number])[] = [[from, from, to]];
    for (let triple = open.pop(); triple !== undefined; triple = open.pop()) {
      const [one, middle, other] = triple;
      const others = this.#within(other, second);
      for (const [a] of this.#within(one, first)) {
        this.#spend(others.length);
        for (const [c] of others) {
          const common = this.#common(a, c);
          if (!common) continue;
          for (const b of (this.#automaton.next[middle] as Places).keys()) {
            this.#spend(1);
            if (++moves > mostMoves) return true;
            if (!(common & (this.#automaton.letters[b] as bigint))) continue;
            const key = `${a},${b},${c}`;
            if (key === goal) return true;
            if (!found.has(key)) open.push([a, b, c]);
            found.add(key);
          }
        }
      }
    }
    return false;
  }

  #within(place: number, loop: Loop): readonly (readonly [number, 1 | 2])[] {
    return [...(this.#automaton.next[place] as Places)].filter(([target]) => loop.has(target));
  }

  /** The letters that both places take. */
  #common(one: number, other: number): bigint {
    return (this.#automaton.letters[one] as bigint) & (this.#automaton.letters[other] as bigint);
  }
}

/** Whether there are very many ways to read a short text that is chosen letter by letter to have many. */
const crowds = ({ next, letters }: PatternAutomaton, start: Places, spend: Spend): boolean => {
  const count = letters.reduce((most, set) => Math.max(most, set.toString(2).length), 0);
  spend(count * letters.length);
  const takers = Array.from({ length: count }, (_, letter) =>
    letters.flatMap((set, place) => ((set >> BigInt(letter)) & 1n ? [place] : [])),
  );
  const effort = takers.reduce((sum, places) => sum + places.length, 0);
  let ways: ReadonlyMap<number, number> = start;
  for (let length = 0; length < countedLetters && ways.size > 0; length++) {
    spend(effort);
    const totals = takers.map((places) => places.reduce((sum, place) => sum + (ways.get(place) ?? 0), 0));
    const most = Math.max(...totals);
    if (most > mostWays) return true;
    const after = new Map<number, number>();
    for (const place of takers[totals.indexOf(most)] as number[]) {
      if (!ways.has(place)) continue;
      spend((next[place] as Places).size);
      for (const [target, more] of next[place] as Places) {
        after.set(target, (after.get(target) ?? 0) + (ways.get(place) as number) * more);
      }
    }
    ways = after;
  }
  return false;
};

/** The loops of a machine, each before those that can be reached from it. Tarjan's algorithm. */
const loopsOf = ({ next }: PatternAutomaton): readonly Loop[] => {
  const loops: Loop[] = [];
  const order = new Map<number, number>();
  const open: number[] = [];

  const visit = (place: number): number => {
    const index = order.size;
    let lowest = index;
    order.set(place, index);
    open.push(place);
    for (const target of (next[place] as Places).keys()) {
      if (!order.has(target)) lowest = Math.min(lowest, visit(target));
      else if (open.includes(target)) lowest = Math.min(lowest, order.get(target) as number);
    }
    if (lowest < index) return lowest;
    const loop = new Set(open.splice(open.indexOf(place)));
    if (loop.size > 1 || next[place]?.has(place)) loops.unshift(loop);
    return lowest;
  };

  for (const place of next.keys()) if (!order.has(place)) visit(place);
  return loops;
};

const reachable = ({ next }: PatternAutomaton, from: Iterable<number>): ReadonlySet<number> => {
  const found = new Set(from);
  for (const place of found) for (const target of (next[place] as Places).keys()) found.add(target);
  return found;
};

const meets = (places: ReadonlySet<number>, loop: Loop): boolean => [...loop].some((place) => places.has(place));
