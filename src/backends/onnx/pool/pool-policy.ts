import { makeRoom } from './make-room.ts';
import type { Hold, Resident } from './resident.ts';

/** A model that waits for room. */
type Waiting = { readonly key: string; readonly size: number; readonly since: number; readonly holds: Set<Hold> };

/** What is to be done. */
export type Decision = {
  readonly load: readonly string[];
  /** Those that have to go, and for whom. */
  readonly unload: readonly { readonly key: string; readonly for: string }[];
  /** Those that have their model from now on. */
  readonly grant: readonly Hold[];
  /** When to decide again if nothing happens until then. */
  readonly again?: number;
};

/** Where a model stands. */
export type Standing = {
  readonly key: string;
  readonly state: 'waiting' | 'loading' | 'idle' | 'in use' | 'unloading';
  /** How many hold it, or wait for it. */
  readonly holds: number;
};

/**
 * Decides which models are in memory. It knows neither threads nor clocks: it is told what happens and when, and `decide`
 * says what to do about it.
 *
 * - Who wants a model that is loaded has it at once. Models that need room wait in the order in which they were wanted.
 * - Room is made by idle models: those go first whose loading took least for the time since they were last used.
 * - A model that was loaded for somebody stays for a while, so that two models in turns do not spend their time loading.
 * - Where a model in use is in the way, and another has waited for the same while, it takes nobody else: who wants it
 *   then stands in line, so nobody waits for ever.
 */
export class PoolPolicy {
  readonly #budget: number;
  readonly #stay: number | undefined;
  readonly #residents = new Map<string, Resident>();
  #line: readonly Waiting[] = [];
  #entered: string[] = [];

  /**
   * @param budget The most bytes of all models in memory.
   * @param stay Milliseconds that a model stays. Defaults to what its loading took, and at least 500.
   */
  constructor(budget: number, stay?: number) {
    this.#budget = budget;
    this.#stay = stay;
  }

  /** Bytes of the models in memory and of those on their way in or out. */
  get reserved(): number {
    return sizeOf(this.#residents.values());
  }

  /** Where each model stands; one that is wanted again while it is unloaded stands twice. */
  get standings(): readonly Standing[] {
    const inMemory = [...this.#residents.values()].map(({ key, state, holds }) => {
      const loaded = holds.size > 0 ? 'in use' : 'idle';
      return { key, state: state === 'loaded' ? loaded : state, holds: holds.size } as const;
    });
    return [
      ...inMemory,
      ...this.#line.map(({ key, holds }) => ({ key, state: 'waiting', holds: holds.size }) as const),
    ];
  }

  /** Somebody wants a model of a size that is within the budget, and has wanted it since a time that tells its turn. */
  want(key: string, size: number, since: number): Hold {
    const hold = { key, granted: false };
    const resident = this.#open(key);
    if (resident) this.#hold(resident, [hold]);
    else this.#place(key, size, since).holds.add(hold);
    return hold;
  }

  /** Somebody will want a model: it is loaded where there is room. Without room there is no hold. */
  wantAhead(key: string, size: number, now: number): Hold | undefined {
    const known = this.#open(key);
    const hasRoom = this.#line.length === 0 && !this.#residents.has(key) && size <= this.#budget - this.reserved;
    if (!known && !hasRoom) return undefined;
    const hold = { key, granted: false };
    this.#hold(known ?? this.#enter(key, size, now), [hold], false);
    return hold;
  }

  /** A hold is let go, wherever it stands. */
  release(hold: Hold, now: number): void {
    const resident = this.#residents.get(hold.key);
    if (resident?.holds.delete(hold)) resident.used = now;
    for (const { holds } of this.#line) holds.delete(hold);
    this.#line = this.#line.filter(({ holds }) => holds.size > 0);
  }

  /** A model is loaded. Tells whether that is still wanted. */
  loaded(key: string, now: number): boolean {
    const resident = this.#residents.get(key);
    if (resident?.state !== 'loading') return false;
    Object.assign(resident, { state: 'loaded', cost: now - resident.since, since: now, used: now });
    return true;
  }

  /** A model is no longer in memory, for whatever reason. Gives those who waited for its loading, which is over. */
  gone(key: string): readonly Hold[] {
    const holds = this.#residents.get(key)?.holds ?? new Set();
    this.#residents.delete(key);
    return [...holds].filter(({ granted }) => !granted);
  }

  /** Every model has to go, and nobody waits any more. Gives those that are not on their way out yet. */
  clear(): readonly string[] {
    this.#line = [];
    const leaving = [...this.#residents.values()].filter(({ state }) => state !== 'unloading');
    for (const resident of leaving) {
      resident.state = 'unloading';
      resident.holds.clear();
    }
    return leaving.map(({ key }) => key);
  }

  /** What is to be done now. Whoever asks has to do it, and to say when it is done. */
  decide(now: number): Decision {
    for (const resident of this.#residents.values()) resident.closing = false;
    const { unload, again } = this.#admit(now);
    for (const waiting of this.#line) {
      const own = this.#open(waiting.key);
      if (own) this.#join(waiting, own);
    }
    const load = this.#entered;
    this.#entered = [];
    return { load, unload, grant: this.#grant(), ...(again !== undefined && { again }) };
  }

  /** Lets models in from the line as long as there is room, then makes room for the next. */
  #admit(now: number): Pick<Decision, 'unload' | 'again'> {
    for (let [first] = this.#line; first !== undefined; [first] = this.#line) {
      const { key, size, since } = first;
      const own = this.#residents.get(key);
      const missing = size - this.#budget + this.reserved;
      if (own && own.state !== 'unloading') this.#join(first, own);
      else if (own) break;
      else if (missing > 0) return this.#makeRoom(key, missing, since, now);
      else this.#join(first, this.#enter(key, size, now));
    }
    return { unload: [] };
  }

  #makeRoom(key: string, missing: number, since: number, now: number): Pick<Decision, 'unload' | 'again'> {
    const residents = [...this.#residents.values()];
    const unloading = residents.filter(({ state }) => state === 'unloading');
    const others = residents.filter(({ state }) => state !== 'unloading');
    const short = missing - sizeOf(unloading);
    if (short <= 0) return { unload: [] };
    const { leaving, closing, again } = makeRoom(others, short, since, now, this.#stay);
    for (const resident of closing) resident.closing = true;
    for (const resident of leaving) resident.state = 'unloading';
    return {
      unload: leaving.map((resident) => ({ key: resident.key, for: key })),
      ...(again !== undefined && { again }),
    };
  }

  #grant(): readonly Hold[] {
    const loaded = [...this.#residents.values()].filter(({ state }) => state === 'loaded');
    const granted = loaded.flatMap(({ holds, arrived }) => arrived.splice(0).filter((hold) => holds.has(hold)));
    for (const hold of granted) hold.granted = true;
    return granted;
  }

  /** A model that takes new holds. */
  #open(key: string): Resident | undefined {
    const resident = this.#residents.get(key);
    return resident?.state === 'unloading' || resident?.closing ? undefined : resident;
  }

  /** Its place in the line. */
  #place(key: string, size: number, since: number): Waiting {
    const known = this.#line.find((waiting) => waiting.key === key);
    if (known) return known;
    const waiting = { key, size, since, holds: new Set<Hold>() };
    this.#line = [...this.#line, waiting].sort((one, other) => one.since - other.since);
    return waiting;
  }

  #join(waiting: Waiting, resident: Resident): void {
    this.#line = this.#line.filter((other) => other !== waiting);
    this.#hold(resident, waiting.holds);
  }

  #hold(resident: Resident, holds: Iterable<Hold>, wanted = true): void {
    resident.wanted ||= wanted;
    for (const hold of holds) {
      resident.holds.add(hold);
      resident.arrived.push(hold);
    }
  }

  #enter(key: string, size: number, now: number): Resident {
    const resident: Resident = {
      key,
      size,
      holds: new Set(),
      arrived: [],
      state: 'loading',
      closing: false,
      wanted: false,
      since: now,
      used: now,
      cost: 0,
    };
    this.#residents.set(key, resident);
    this.#entered.push(key);
    return resident;
  }
}

const sizeOf = (residents: Iterable<Resident>): number => {
  let bytes = 0;
  for (const { size } of residents) bytes += size;
  return bytes;
};
