import type { AutomatonState } from './automaton-state.ts';
import type { ByteNode } from './byte-node.ts';
import type { CallInstruction, LoopInstruction, PairInstruction, ReadInstruction } from './instruction.ts';
import { isPairThread, type PairThread, type ReadThread, type Thread } from './thread.ts';

const mostNodes = 2 ** 24;

/** What is still open around a place in a grammar: the rules to return to, and the repetitions to count. */
export class Frame {
  static #count = 0;
  static #threads = 0;
  readonly id: number = Frame.#count++;
  readonly parent: Frame | undefined;
  readonly at: CallInstruction | LoopInstruction | undefined;
  /** How many more repetitions there must be, this one included. */
  readonly need: number;
  /** How many more there may be, this one included. */
  readonly room: number;
  /** How many frames lie below. */
  readonly depth: number;
  readonly #children = new Map<string, Frame>();
  readonly #reading = new Map<number, ReadThread>();
  readonly #pairs = new Map<string, PairThread>();
  #cut: { readonly limit: number; readonly frame: Frame } | undefined;

  constructor(parent?: Frame, at?: CallInstruction | LoopInstruction, need = 0, room = 0) {
    this.parent = parent;
    this.at = at;
    this.need = need;
    this.room = room;
    this.depth = parent ? parent.depth + 1 : 0;
  }

  /** One frame more; the same one for the same arguments. */
  push(at: CallInstruction | LoopInstruction, need = 0, room = 0): Frame {
    const key = `${at.id},${need},${room}`;
    const known = this.#children.get(key);
    if (known) return known;
    const frame = new Frame(this, at, need, room);
    this.#children.set(key, frame);
    return frame;
  }

  /** The thread within a character that is read in this frame. */
  reading(at: ReadInstruction, node: ByteNode): ReadThread {
    const key = at.id * mostNodes + node.id;
    const known = this.#reading.get(key);
    if (known) return known;
    const thread = { id: Frame.#threads++, at, node, frame: this };
    this.#reading.set(key, thread);
    return thread;
  }

  /** The thread within a pair that is followed in this frame. */
  pairing(at: PairInstruction, left: AutomatonState, right: AutomatonState | undefined): PairThread {
    const key = `${at.id},${left.id},${right?.id}`;
    const known = this.#pairs.get(key);
    if (known) return known;
    const thread = { id: Frame.#threads++, at, left, right, frame: this };
    this.#pairs.set(key, thread);
    return thread;
  }

  /** The same thread in this frame. */
  taking(thread: Thread): Thread {
    if (thread.frame === this) return thread;
    return isPairThread(thread)
      ? this.pairing(thread.at, thread.left, thread.right)
      : this.reading(thread.at, thread.node);
  }

  /** The same frames, but with others below them instead of those of a frame below. */
  rebase(from: Frame, to: Frame): Frame {
    if (this === from || !this.parent || !this.at) return to;
    return this.parent.rebase(from, to).push(this.at, this.need, this.room);
  }

  /** The innermost frame that both have. */
  shared(other: Frame): Frame {
    let one: Frame = this;
    let two = other;
    while (one !== two) {
      if (one.depth >= two.depth) one = one.parent as Frame;
      else two = two.parent as Frame;
    }
    return one;
  }

  /** The same frame with no count above `limit`: alike as long as no more than that is repeated. */
  cut(limit: number): Frame {
    if (this.#cut?.limit === limit) return this.#cut.frame;
    const frame = this.#cutTo(limit);
    this.#cut = { limit, frame };
    return frame;
  }

  #cutTo(limit: number): Frame {
    const { parent, at, need, room } = this;
    if (!parent || !at) return this;
    const below = parent.cut(limit);
    const least = Math.min(need, limit);
    const most = room === Number.POSITIVE_INFINITY ? room : Math.min(room, limit);
    return below === parent && least === need && most === room ? this : below.push(at, least, most);
  }
}
