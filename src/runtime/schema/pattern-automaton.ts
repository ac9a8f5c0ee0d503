import type { AstNode } from 'regjsparser';
import { schemaLibraries } from '#schema-libraries';
import type { Spend } from './allowance.ts';

type Syntax = { lookbehind: true; namedGroups: true; unicodePropertyEscape: true };
type Node = AstNode<Syntax>;

/** Some places of a pattern and in how many ways each is reached, where two stands for more than one. */
export type Places = ReadonlyMap<number, 1 | 2>;

/**
 * A regular expression as a machine without empty moves: its states are the places of the pattern that take a
 * character, and between two of them there are as many moves as a backtracking matcher tries.
 */
export type PatternAutomaton = {
  /** Where matching begins: of the pattern first, then of the body of each lookaround. */
  readonly starts: readonly Places[];
  /** For each place, those that can take the next character. */
  readonly next: readonly Places[];
  /** For each place, the letters that it takes, a bit each. Letters that no place tells apart share a bit. */
  readonly letters: readonly bigint[];
};

/** A piece of a pattern: where it can begin and end, and in how many ways it takes nothing. */
type Piece = { readonly first: Places; readonly last: Places; readonly empty: 0 | 1 | 2 };

/** More copies of a counted piece than these are taken for any number of them. */
const mostCopies = 24;
const pieceSteps = 20;

const anything = '[^]';
const samples = [...Array(128).keys()]
  .map((code) => String.fromCodePoint(code))
  .concat([...'\u00a0éßſαЖ中אا\u2028😀🇦']);

/**
 * Reads a valid pattern as `new RegExp(pattern, 'u')` does. Assertions and references back allow every way on, so that the
 * machine moves at least as freely as the pattern.
 *
 * @param spend Told of the work before it is done.
 */
export const patternAutomaton = (pattern: string, spend: Spend): PatternAutomaton => {
  const features = { lookbehind: true, namedGroups: true, unicodePropertyEscape: true } as const;
  return new PatternReader(spend).read(schemaLibraries().parsePattern<Syntax>(pattern, 'u', features));
};

class PatternReader {
  readonly #takes: string[] = [];
  readonly #next: Map<number, 1 | 2>[] = [];
  readonly #samples = new Set(samples);
  readonly #starts: Places[] = [];
  readonly #spend: Spend;
  #backwards = false;

  constructor(spend: Spend) {
    this.#spend = spend;
  }

  read(tree: Node): PatternAutomaton {
    const start = this.#start(tree);
    if (anchored(tree)) this.#starts.unshift(start);
    else this.#starts.unshift(this.#sequence(this.#loop(this.#place(anything), 1), { ...nothing, first: start }).first);
    return { starts: this.#starts, next: this.#next, letters: this.#letters() };
  }

  /** Where the matching of a whole begins. Nothing is tried after its end, unless an assertion sends the matcher back. */
  #start(tree: Node): Places {
    const { first, last } = this.#piece(tree);
    if (!asserts(tree)) for (const place of last.keys()) this.#next[place]?.clear();
    return first;
  }

  #piece(node: Node): Piece {
    this.#spend(pieceSteps);
    switch (node.type) {
      case 'disjunction':
        return node.body.map((branch) => this.#piece(branch)).reduce(either);
      case 'alternative':
        return this.#all(node.body);
      case 'group':
        return this.#group(node);
      case 'quantifier':
        return this.#repeated(node.body[0], node.min, node.max ?? Number.POSITIVE_INFINITY);
      case 'anchor':
        return nothing;
      case 'reference':
        return this.#loop(this.#place(anything), 1);
      default:
        for (const code of edges(node)) this.#samples.add(String.fromCodePoint(code));
        return this.#place(node.raw);
    }
  }

  #all(nodes: readonly Node[]): Piece {
    return nodes.reduce((before: Piece, node) => {
      const piece = this.#piece(node);
      return this.#backwards ? this.#sequence(piece, before) : this.#sequence(before, piece);
    }, nothing);
  }

  #group(group: Node & { type: 'group' }): Piece {
    if (group.behavior === 'normal' || group.behavior === 'ignore') return this.#all(group.body);
    const outer = this.#backwards;
    this.#backwards = group.behavior.endsWith('ookbehind');
    this.#starts.push(this.#start({ type: 'alternative', body: group.body, range: group.range, raw: group.raw }));
    this.#backwards = outer;
    return nothing;
  }

  #repeated(body: Node, min: number, max: number): Piece {
    const endless = max > mostCopies;
    const needed = Math.min(min, mostCopies);
    const copy = () => this.#piece(body);
    let optional = endless && needed === 0 ? this.#loop(copy(), 1) : nothing;
    if (!endless) for (let more = max - needed; more > 0; more--) optional = maybe(this.#sequence(copy(), optional));
    let whole = nothing;
    for (let made = 1; made <= needed; made++) {
      const piece = copy();
      whole = this.#sequence(whole, made === needed && endless ? this.#loop(piece, piece.empty) : piece);
    }
    return this.#sequence(whole, optional);
  }

  #place(takes: string): Piece {
    const place: Places = new Map([[this.#takes.length, 1]]);
    this.#takes.push(takes);
    this.#next.push(new Map());
    return { first: place, last: place, empty: 0 };
  }

  #loop(piece: Piece, empty: 0 | 1 | 2): Piece {
    this.#connect(piece.last, piece.first);
    return { ...piece, empty };
  }

  #sequence(before: Piece, after: Piece): Piece {
    this.#connect(before.last, after.first);
    return {
      first: union(before.first, after.first, before.empty),
      last: union(after.last, before.last, after.empty),
      empty: atMostTwo(before.empty * after.empty),
    };
  }

  #connect(from: Places, to: Places): void {
    this.#spend(from.size * to.size);
    for (const [place, ways] of from) {
      const next = this.#next[place] as Map<number, 1 | 2>;
      for (const [target, more] of to) next.set(target, atMostTwo((next.get(target) ?? 0) + ways * more) as 1 | 2);
    }
  }

  #letters(): readonly bigint[] {
    const letters = new Map<string, number>();
    const kinds = [...new Set(this.#takes)];
    this.#spend(kinds.length * this.#samples.size);
    const tests = kinds.map((takes) => new RegExp(`^${takes}$`, 'u'));
    const taken = kinds.map(() => 0n);
    for (const sample of this.#samples) {
      const takers = tests.flatMap((test, kind) => (test.test(sample) ? [kind] : []));
      const letter = letters.get(takers.join()) ?? letters.size;
      letters.set(takers.join(), letter);
      for (const kind of takers) taken[kind] = (taken[kind] as bigint) | (1n << BigInt(letter));
    }
    // What takes no sample, such as a rare script, is thought to take them all.
    const sets = new Map(kinds.map((takes, kind) => [takes, taken[kind] || (1n << BigInt(letters.size)) - 1n]));
    return this.#takes.map((takes) => sets.get(takes) as bigint);
  }
}

const nothing: Piece = { first: new Map(), last: new Map(), empty: 1 };

const atMostTwo = (count: number): 0 | 1 | 2 => Math.min(count, 2) as 0 | 1 | 2;

const union = (places: Places, more: Places, ways: number): Places => {
  if (ways === 0 || more.size === 0) return places;
  const all = new Map(places);
  for (const [place, count] of more) all.set(place, atMostTwo((all.get(place) ?? 0) + count * ways) as 1 | 2);
  return all;
};

const either = (one: Piece, other: Piece): Piece => ({
  first: union(one.first, other.first, 1),
  last: union(one.last, other.last, 1),
  empty: atMostTwo(one.empty + other.empty),
});

const maybe = (piece: Piece): Piece => ({ ...piece, empty: 1 });

/** The code points at which a piece may begin or cease to take. */
const edges = (node: Node): readonly number[] => {
  if (node.type === 'value') return [node.codePoint];
  if (node.type !== 'characterClass') return [];
  const ends = node.body.flatMap((part) => {
    if (part.type === 'value') return [part.codePoint];
    return part.type === 'characterClassRange' ? [part.min.codePoint, part.max.codePoint] : [];
  });
  return ends.flatMap((end) => [Math.max(end - 1, 0), end, Math.min(end + 1, 0x10ffff)]);
};

const bodyOf = (node: Node): readonly Node[] =>
  node.type === 'characterClass' || !('body' in node) ? [] : (node.body as readonly Node[]);

/** Whether the end of a pattern can be reached and yet refused. */
const asserts = (node: Node): boolean =>
  node.type === 'reference' ||
  (node.type === 'anchor' && node.kind !== 'start') ||
  (node.type === 'group' && /look/i.test(node.behavior)) ||
  bodyOf(node).some(asserts);

/** Whether a match can begin at the start of a text only. */
const anchored = (node: Node | undefined): boolean => {
  if (node === undefined) return false;
  if (node.type === 'anchor') return node.kind === 'start';
  if (node.type === 'disjunction') return node.body.every(anchored);
  if (node.type === 'quantifier' && node.min === 0) return false;
  if (node.type === 'group' && /look/i.test(node.behavior)) return false;
  return anchored(bodyOf(node)[0]);
};
