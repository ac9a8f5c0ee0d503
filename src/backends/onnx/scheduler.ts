/**
 * Decides whose turn it is. Requests wait in a line until one of the `limit` places is free; those that run take turns,
 * so that several answers are written side by side and a long prompt holds up nobody for longer than one chunk.
 */
export class Scheduler<Member extends { readonly id: number }> {
  readonly #limit: number;
  readonly #waiting: Member[] = [];
  readonly #running: Member[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether anyone waits or runs. */
  get busy(): boolean {
    return this.#waiting.length > 0 || this.#running.length > 0;
  }

  /** Puts one at the end of the line. */
  add(member: Member): void {
    this.#waiting.push(member);
  }

  /** Takes one out, wherever it stands, and gives it; nothing where it is not here. */
  remove(id: number): Member | undefined {
    return take(this.#waiting, id) ?? take(this.#running, id);
  }

  /** The one whose turn it is: a newcomer first, then each in its turn. */
  schedule(): Member | undefined {
    const newcomer = this.#running.length < this.#limit ? this.#waiting.shift() : undefined;
    const next = newcomer ?? this.#running.shift();
    if (next) this.#running.push(next);
    return next;
  }
}

const take = <Member extends { readonly id: number }>(members: Member[], id: number): Member | undefined => {
  const index = members.findIndex((member) => member.id === id);
  return index < 0 ? undefined : members.splice(index, 1)[0];
};
