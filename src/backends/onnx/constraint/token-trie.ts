import type { Vocabulary } from './vocabulary.ts';

/** The few tokens that are longer than all others; a grammar looks at each of them by itself. */
const longest = 128;

/** The tokens of a vocabulary as a tree of bytes, laid out in the order in which it is walked. */
export class TokenTrie {
  /** For each node: its byte. */
  readonly bytes: Uint8Array;
  /** For each node: how many bytes lie before it. */
  readonly depths: Uint16Array;
  /** For each node: the node after all that lies beneath it. */
  readonly ends: Int32Array;
  /** For each node: a token that ends there, or -1. */
  readonly tokens: Int32Array;
  /** For each token: another one of the same bytes, or -1. */
  readonly twins: Int32Array;
  /** The most bytes of a token in the tree. */
  readonly depth: number;
  /** The tokens that are longer. */
  readonly longer: readonly number[];

  constructor({ tokens, size, stopIds }: Vocabulary) {
    const text = (id: number) => tokens[id] as string;
    const written = Array.from({ length: size }, (_, id) => id).filter((id) => tokens[id] && !stopIds.includes(id));
    this.depth = written.map((id) => text(id).length).sort((one, other) => other - one)[longest] ?? 1;
    this.longer = written.filter((id) => text(id).length > this.depth);
    const ids = written.filter((id) => text(id).length <= this.depth);
    ids.sort((one, other) => (text(one) < text(other) ? -1 : Number(text(one) > text(other))));
    const total = ids.reduce(
      (sum, id, index) => sum + text(id).length - shared(tokens[ids[index - 1] ?? -1] ?? '', text(id)),
      0,
    );
    this.bytes = new Uint8Array(total);
    this.depths = new Uint16Array(total);
    this.ends = new Int32Array(total);
    this.tokens = new Int32Array(total).fill(-1);
    this.twins = new Int32Array(size).fill(-1);
    this.#fill(ids.map((id) => [id, text(id)] as const));
  }

  #fill(sorted: readonly (readonly [id: number, text: string])[]): void {
    const open: number[] = [];
    let node = 0;
    let before = '';
    for (const [id, text] of sorted) {
      const common = shared(before, text);
      while (open.length > common) this.ends[open.pop() as number] = node;
      for (let depth = common; depth < text.length; depth++) {
        this.bytes[node] = text.charCodeAt(depth);
        this.depths[node] = depth;
        open.push(node++);
      }
      const last = open.at(-1) as number;
      this.twins[id] = this.tokens[last] as number;
      this.tokens[last] = id;
      before = text;
    }
    for (const left of open) this.ends[left] = node;
  }
}

const shared = (one: string, other: string): number => {
  let count = 0;
  while (count < one.length && one[count] === other[count]) count++;
  return count;
};
