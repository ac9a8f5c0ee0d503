import type { Automaton } from './grammar/automaton.ts';
import type { AutomatonState } from './grammar/automaton-state.ts';
import type { TokenTrie } from './token-trie.ts';
import type { Vocabulary } from './vocabulary.ts';

const mostBytes = 32 * 1024 * 1024;

/** Tells for each state of an automaton which tokens may come next. */
export class TokenMasks {
  readonly #vocabulary: Vocabulary;
  readonly #trie: TokenTrie;
  readonly #automaton: Automaton;
  readonly #known = new Map<AutomatonState, Int32Array>();
  readonly #path: AutomatonState[] = [];

  constructor(vocabulary: Vocabulary, trie: TokenTrie, automaton: Automaton) {
    this.#vocabulary = vocabulary;
    this.#trie = trie;
    this.#automaton = automaton;
  }

  /** @throws RangeError where the text has to go on and no token can write it. */
  of(state: AutomatonState): Int32Array {
    const cut = this.#automaton.cut(state, this.#trie.depth);
    const known = this.#known.get(cut);
    if (known) return known;
    const mask = this.#make(cut);
    if (this.#known.size * mask.byteLength > mostBytes) this.#known.clear();
    this.#known.set(cut, mask);
    return mask;
  }

  #make(state: AutomatonState): Int32Array {
    const mask = new Int32Array(Math.ceil(this.#vocabulary.size / 32));
    this.#walk(state, mask);
    if (state.accepting) for (const id of this.#vocabulary.stopIds) allow(mask, id);
    if (mask.every((word) => word === 0)) {
      throw new RangeError('Expected a vocabulary that can write every text of the grammar, received one that cannot');
    }
    return mask;
  }

  #walk(state: AutomatonState, mask: Int32Array): void {
    const { bytes, depths, ends, tokens } = this.#trie;
    const automaton = this.#automaton;
    const { byteClasses } = automaton.program;
    const path = this.#path;
    path[0] = state;
    for (let node = 0; node < bytes.length; ) {
      const depth = depths[node] as number;
      const from = path[depth] as AutomatonState;
      const byteClass = byteClasses[bytes[node] as number] as number;
      let to = from.next[byteClass];
      if (to === undefined) to = automaton.stepClass(from, byteClass);
      if (to === null) {
        node = ends[node] as number;
        continue;
      }
      path[depth + 1] = to;
      if (tokens[node] !== -1) this.#allowAll(mask, tokens[node] as number);
      node++;
    }
  }

  #allowAll(mask: Int32Array, token: number): void {
    for (let id = token; id !== -1; id = this.#trie.twins[id] as number) allow(mask, id);
  }
}

const allow = (mask: Int32Array, id: number): void => {
  mask[id >> 5] = (mask[id >> 5] as number) | (1 << (id & 31));
};
