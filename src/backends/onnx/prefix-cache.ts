import { type CacheBlock, type CachePiece, stretch } from './kv-cache.ts';

/** A stretch of tokens that followed those of its parent in some sequence. Only a whole one has children. */
type Node = {
  readonly parent: Node | undefined;
  readonly ids: readonly number[];
  readonly block: CacheBlock;
  readonly children: Node[];
  used: number;
};

/**
 * Keeps what a model has computed of the beginnings of sequences, so that it is computed once. Beginnings that are alike
 * are kept once: they are a tree of stretches of 32 tokens. What was used least recently goes first, and its memory is
 * written over: garbage would wait for a collection, and weigh as much as what is kept.
 *
 * What is kept of a token depends on the tokens before it and on nothing else, so a cache serves one loaded model and is
 * found by tokens alone.
 */
export class PrefixCache {
  readonly #most: number;
  readonly #roots: Node[] = [];
  readonly #nodes = new Set<Node>();
  /** What was dropped, to be written over. */
  readonly #spares: CacheBlock[] = [];
  #tokens = 0;
  #clock = 0;

  /** @param tokens The most tokens to keep. */
  constructor(tokens: number) {
    this.#most = tokens;
  }

  /** How many tokens are kept. */
  get tokens(): number {
    return this.#tokens;
  }

  /** The pieces that hold the tokens from `from` on of the longest beginning of `ids` that is kept. */
  match(ids: readonly number[], from: number): readonly CachePiece[] {
    const pieces: CachePiece[] = [];
    let [nodes, at] = [this.#roots, 0];
    while (at < ids.length) {
      const [node, count] = closest(nodes, ids, at);
      if (node === undefined) break;
      node.used = ++this.#clock;
      const skip = Math.max(0, from - at);
      if (skip < count) pieces.push({ block: node.block, from: skip, count: count - skip });
      at += count;
      if (count < stretch) break;
      nodes = node.children;
    }
    return pieces;
  }

  /**
   * Keeps the tokens `ids`, or as many whole stretches of them as there is room for. `read` copies out those between two
   * places, and may write over the block that it is given.
   */
  insert(ids: readonly number[], read: (from: number, to: number, spare?: CacheBlock) => CacheBlock): void {
    let [nodes, parent]: [Node[], Node | undefined] = [this.#roots, undefined];
    for (let at = 0; at < ids.length; at += stretch) {
      const wanted = Math.min(stretch, ids.length - at);
      const [known, count] = closest(nodes, ids, at);
      if (known && count === wanted) {
        known.used = ++this.#clock;
        [nodes, parent] = [known.children, known];
        continue;
      }
      // From here on there is room beside what this beginning has, which was used last and so is not dropped for it.
      if (at + wanted > this.#most) return;
      if (known && count === known.ids.length) this.#remove(known, nodes);
      this.#makeRoom(wanted);
      const node: Node = {
        parent,
        ids: ids.slice(at, at + wanted),
        block: read(at, at + wanted, this.#spares.pop()),
        children: [],
        used: ++this.#clock,
      };
      nodes.push(node);
      this.#nodes.add(node);
      this.#tokens += wanted;
      [nodes, parent] = [node.children, node];
    }
  }

  /** Drops what was used least recently and nothing else builds upon. A stretch that is not whole takes the memory of one. */
  #makeRoom(tokens: number): void {
    const blocks = Math.ceil(this.#most / stretch);
    while (this.#tokens + tokens > this.#most || this.#nodes.size >= blocks) {
      let oldest: Node | undefined;
      for (const node of this.#nodes) {
        if (node.children.length === 0 && node.used < (oldest?.used ?? Number.POSITIVE_INFINITY)) oldest = node;
      }
      if (oldest === undefined) return;
      this.#remove(oldest, oldest.parent?.children ?? this.#roots);
    }
  }

  #remove(node: Node, siblings: Node[]): void {
    siblings.splice(siblings.indexOf(node), 1);
    this.#nodes.delete(node);
    this.#tokens -= node.ids.length;
    this.#spares.push(node.block);
  }
}

/** The node that shares the most tokens with `ids` from `at` on, and how many. */
const closest = (nodes: readonly Node[], ids: readonly number[], at: number): readonly [Node | undefined, number] => {
  let best: Node | undefined;
  let most = 0;
  for (const node of nodes) {
    let count = 0;
    while (count < node.ids.length && node.ids[count] === ids[at + count]) count++;
    if (count > most) [best, most] = [node, count];
  }
  return [best, most];
};
