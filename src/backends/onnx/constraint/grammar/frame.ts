import type { CallInstruction, LoopInstruction } from './instruction.ts';

/** What is still open around a place in a grammar: the rules to return to, and the repetitions to count. */
export class Frame {
  static #count = 0;
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
