import { allow, maskWords } from './allow.ts';
import type { Automaton } from './grammar/automaton.ts';
import type { AutomatonState } from './grammar/automaton-state.ts';
import type { TokenTrie } from './token-trie.ts';
import type { Vocabulary } from './vocabulary.ts';

const mostBytes = 32 * 1024 * 1024;

/** Which tokens fit within a rule, and at which nodes of the tokens the rule may have returned. */
type Inside = { readonly mask: Int32Array; readonly exits: readonly number[] };

/**
 * Tells for each state of an automaton which tokens may come next. Most of the work is done once for each rule: what
 * fits within a string, say, does not depend on where the string stands.
 */
export class TokenMasks {
  readonly #vocabulary: Vocabulary;
  readonly #trie: TokenTrie;
  readonly #automaton: Automaton;
  readonly #masks = new Map<AutomatonState, Int32Array>();
  readonly #insides = new Map<AutomatonState, Inside>();
  readonly #path: AutomatonState[] = [];

  constructor(vocabulary: Vocabulary, trie: TokenTrie, automaton: Automaton) {
    this.#vocabulary = vocabulary;
    this.#trie = trie;
    this.#automaton = automaton;
  }

  /**
   * Writes the mask of a state.
   *
   * @throws RangeError where the text has to go on and no token can write it.
   */
  write(state: AutomatonState, mask: Int32Array): void {
    mask.set(this.#short(this.#cut(state)));
    const { tokens, stopIds } = this.#vocabulary;
    for (const id of this.#trie.longer) if (this.#automaton.follow(state, tokens[id] as string)) allow(mask, id);
    if (state.accepting) for (const id of stopIds) allow(mask, id);
    if (!mask.some(Boolean)) {
      throw new RangeError('Expected a vocabulary that can write every text of the grammar, received one that cannot');
    }
  }

  /** What fits of the tokens in the tree. */
  #short(state: AutomatonState): Int32Array {
    const mask = this.#masks.get(state) ?? this.#make(state);
    if (this.#masks.size * mask.byteLength > mostBytes) this.#masks.clear();
    this.#masks.set(state, mask);
    return mask;
  }

  #make(state: AutomatonState): Int32Array {
    const parts = this.#automaton.split(state);
    if (parts) return this.#join(this.#inside(parts.inside), this.#cut(parts.after));
    const mask = this.#empty();
    this.#walk(state, 0, this.#trie.bytes.length, 0, mask);
    return mask;
  }

  #inside(state: AutomatonState): Inside {
    const known = this.#insides.get(state);
    if (known) return known;
    const inside = { mask: this.#empty(), exits: [] as number[] };
    this.#walk(state, 0, this.#trie.bytes.length, 0, inside.mask, inside.exits);
    if (this.#insides.size * inside.mask.byteLength > mostBytes) this.#insides.clear();
    this.#insides.set(state, inside);
    return inside;
  }

  /** What fits within a rule, and what fits across its end. */
  #join({ mask, exits }: Inside, after: AutomatonState): Int32Array {
    const joined = mask.slice();
    const { depths, ends } = this.#trie;
    for (const node of exits) this.#walk(after, node + 1, ends[node] as number, (depths[node] as number) + 1, joined);
    return joined;
  }

  /** Allows the tokens between two nodes whose bytes from `depth` on fit. */
  #walk(state: AutomatonState, start: number, end: number, depth: number, mask: Int32Array, exits?: number[]): void {
    const { bytes, depths, ends, tokens } = this.#trie;
    const automaton = this.#automaton;
    const { byteClasses } = automaton.program;
    const path = this.#path;
    path[depth] = state;
    for (let node = start; node < end; ) {
      const before = depths[node] as number;
      const from = path[before] as AutomatonState;
      const byteClass = byteClasses[bytes[node] as number] as number;
      let to = from.next[byteClass];
      if (to === undefined) to = automaton.stepClass(from, byteClass);
      if (to === null) {
        node = ends[node] as number;
        continue;
      }
      path[before + 1] = to;
      if (tokens[node] !== -1) this.#allowAll(mask, tokens[node] as number);
      if (exits && to.accepting) exits.push(node);
      node++;
    }
  }

  #cut(state: AutomatonState): AutomatonState {
    return this.#automaton.cut(state, this.#trie.depth);
  }

  #empty(): Int32Array {
    return new Int32Array(maskWords(this.#vocabulary.size));
  }

  #allowAll(mask: Int32Array, token: number): void {
    for (let id = token; id !== -1; id = this.#trie.twins[id] as number) allow(mask, id);
  }
}
