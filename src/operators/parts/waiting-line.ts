/** Who waits, in the order in which their turn comes: the higher priority first, and of equals who came first. */
export class WaitingLine<Member extends { readonly priority: number }> {
  readonly #members: Member[] = [];

  get length(): number {
    return this.#members.length;
  }

  join(member: Member): void {
    const before = this.#members.findLastIndex(({ priority }) => priority >= member.priority);
    this.#members.splice(before + 1, 0, member);
  }

  /** Tells whether the member was there. */
  leave(member: Member): boolean {
    const place = this.#members.indexOf(member);
    if (place >= 0) this.#members.splice(place, 1);
    return place >= 0;
  }

  /** Takes out whose turn it is. */
  next(): Member | undefined {
    return this.#members.shift();
  }

  /** Of those with the lowest priority, who came last. */
  get newest(): Member | undefined {
    return this.#members.at(-1);
  }

  /** Of those with the lowest priority, who came first. */
  get oldest(): Member | undefined {
    return this.#members.find(({ priority }) => priority === this.newest?.priority);
  }
}
