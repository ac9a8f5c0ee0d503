import { takeTurn, type Waiting } from './take-turn.ts';

/** What a scheduler must know of a request. */
export type Candidate = Waiting & {
  readonly id: number;
  /** The most tokens that it can come to have. */
  readonly room: number;
  /** How many of its tokens wait to be computed. One is a step of writing; more are computed in chunks. */
  readonly pending: number;
  /** Whether its next tokens are known and wanted. */
  readonly ready: boolean;
  /** Whether its reader is behind, so that its next tokens are not wanted yet. */
  readonly held: boolean;
  /** How often in a row it had a place and was found held. */
  idle: number;
};

/** How often in a row a reader may be found behind before its place goes to who waits for one. */
const indulgence = 32;

/** What may run side by side. */
export type Limits = {
  readonly slots: number;
  /** The most tokens of all together. */
  readonly tokens: number;
  /** How many can write a token in one run of the model. */
  readonly width: number;
};

/**
 * Decides what the next run of the model computes. Requests wait in line until there is a place and room for them. Those
 * that write do so together, or in rounds where one run does not take them all; those with more to compute take turns, a
 * chunk each. Rounds and chunks alternate, so between two tokens of an answer lies one chunk at most. Whose reader is behind
 * leaves its place to who waits for one, and stands in line again once its reader has caught up.
 */
export class Scheduler<Member extends Candidate> {
  readonly #limits: Limits;
  readonly #waiting: Member[] = [];
  /** Who had a turn least lately stands first. */
  readonly #running: Member[] = [];
  /** Whose turn it is to get a place, once there is room. */
  #next: Member | undefined;
  /** Those that could write when the last chunk was computed, or after it, and did not: they do before the next. */
  #due = new Set<Member>();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Those that have none, in line or because their reader is behind. */
  get waiting(): readonly Member[] {
    return this.#waiting;
  }

  /** Those that have a place. */
  get running(): readonly Member[] {
    return this.#running;
  }

  /** Puts one at the end of the line. */
  add(member: Member): void {
    this.#waiting.push(member);
  }

  /** Takes one out, wherever it stands, and gives it; nothing where it is not here. */
  remove(id: number): Member | undefined {
    if (this.#next?.id === id) this.#next = undefined;
    return take(this.#waiting, id) ?? take(this.#running, id);
  }

  /** Gives a place to the next in line. Nothing where nobody waits or there is no room yet: whoever is next is not overtaken. */
  admit(): Member | undefined {
    const line = this.#line;
    if (this.#running.length >= this.#limits.slots || line.length === 0) return undefined;
    const next = this.#next ?? (takeTurn(line) as Member);
    const taken = this.#running.reduce((sum, { room }) => sum + room, 0);
    if (this.#running.length > 0 && taken + next.room > this.#limits.tokens) {
      this.#next = next;
      return undefined;
    }
    this.#next = undefined;
    take(this.#waiting, next.id);
    this.#running.push(next);
    return next;
  }

  /** Takes the place of one whose reader is behind, where somebody waits for a place, and gives it; it has to be freed. */
  park(): Member | undefined {
    if (this.#line.length === 0) return undefined;
    const parked = this.#running.find(({ held, idle }) => held && idle >= indulgence);
    if (parked) this.#waiting.push(take(this.#running, parked.id) as Member);
    return parked;
  }

  /** The members of the next run: several that write a token each, or one with a chunk. None where nobody is ready. */
  schedule(): readonly Member[] {
    for (const member of this.#running) member.idle = member.held ? member.idle + 1 : 0;
    const ready = this.#running.filter((member) => member.ready);
    const writers = ready.filter(({ pending }) => pending === 1);
    const chunks = ready.filter(({ pending }) => pending > 1);
    const chunk = chunks.length > 0 && !writers.some((member) => this.#due.has(member));
    const chosen = chunk ? [takeTurn(chunks) as Member] : writers.slice(0, this.#limits.width);
    if (chunk) this.#due = new Set([...writers, ...chosen]);
    for (const member of chosen) {
      if (!chunk) this.#due.delete(member);
      this.#running.push(take(this.#running, member.id) as Member);
    }
    return chosen;
  }

  /** Those that wait and whose next tokens are wanted. */
  get #line(): Member[] {
    return this.#waiting.filter(({ held }) => !held);
  }
}

const take = <Member extends Candidate>(members: Member[], id: number): Member | undefined => {
  const index = members.findIndex((member) => member.id === id);
  return index < 0 ? undefined : members.splice(index, 1)[0];
};
