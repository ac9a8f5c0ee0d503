import type { KvCache } from './kv-cache.ts';

/** Something that can have a place in the cache. */
export type Placed = { slot: number | undefined };

/** Runs that a place can ride along for nothing before it makes room. */
const mostIdle = 8;

/**
 * Who has which place in the cache. Places are taken without a gap from 0 on. A run computes neighbouring places, those
 * between two that take part included, so whoever does not take part for a while is moved to the end.
 */
export class Slots<Member extends Placed> {
  readonly #cache: KvCache;
  readonly #members: Member[] = [];
  readonly #idle = new Map<Member, number>();

  constructor(cache: KvCache) {
    this.#cache = cache;
  }

  /** Gives the next place, which is empty. */
  add(member: Member): void {
    member.slot = this.#members.length;
    this.#members.push(member);
  }

  /** Takes a place back, and fills it with the last one. */
  remove(member: Member): void {
    if (member.slot === undefined) return;
    const last = this.#members.pop() as Member;
    if (last === member) this.#cache.truncate(member.slot, 0);
    else {
      this.#cache.move(last.slot as number, member.slot);
      this.#members[member.slot] = last;
      last.slot = member.slot;
    }
    member.slot = undefined;
    this.#idle.delete(member);
  }

  /** Those that a run computes, in the order of their places. */
  arrange(members: readonly Member[]): readonly Member[] {
    if (members.length > 1) this.#closeUp(new Set(members));
    return members.toSorted((one, other) => (one.slot as number) - (other.slot as number));
  }

  #closeUp(running: ReadonlySet<Member>): void {
    for (const member of this.#members) {
      this.#idle.set(member, running.has(member) ? 0 : (this.#idle.get(member) ?? 0) + 1);
    }
    for (let slot = 0; slot < running.size; slot++) {
      const member = this.#members[slot] as Member;
      if ((this.#idle.get(member) ?? 0) <= mostIdle) continue;
      const last = this.#members.findLast((other) => running.has(other)) as Member;
      if ((last.slot as number) < slot) return;
      this.#exchange(member, last);
    }
  }

  #exchange(one: Member, other: Member): void {
    const [first, second] = [one.slot as number, other.slot as number];
    this.#cache.swap(first, second);
    this.#members[first] = other;
    this.#members[second] = one;
    one.slot = second;
    other.slot = first;
  }
}
