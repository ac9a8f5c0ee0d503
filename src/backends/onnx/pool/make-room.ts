import type { Resident } from './resident.ts';

/** Which models make room. */
export type Room = {
  /** Those that leave at once. */
  readonly leaving: readonly Resident[];
  /** Those in use that take nobody else from now on. */
  readonly closing: readonly Resident[];
  /** When to look again, where time alone makes room. */
  readonly again?: number;
};

/** The least time, in milliseconds, that a model stays where nobody says how long. */
const leastStay = 500;

/**
 * Chooses who makes room for the first in line: nobody as long as it would not be enough.
 *
 * @param missing Bytes that it needs.
 * @param waits Since when it waits.
 * @param stay Milliseconds that a model stays. Defaults to what its loading took, and at least 500.
 */
export const makeRoom = (
  residents: readonly Resident[],
  missing: number,
  waits: number,
  now: number,
  stay?: number,
): Room => {
  const times = residents.map((resident) => leavesFrom(resident, waits, stay));
  const able = residents.filter((_, index) => (times[index] as number) <= now);
  const needed = enough(able.sort(byWorth(now)), missing);
  if (needed === undefined) {
    const again = Math.min(...times.filter((time) => time > now));
    return { leaving: [], closing: [], ...(Number.isFinite(again) && { again }) };
  }
  const closing = needed.filter(({ holds }) => holds.size > 0);
  return { leaving: closing.length > 0 ? [] : needed, closing };
};

/** From when a model may have to leave. */
const leavesFrom = ({ state, holds, wanted, since, cost }: Resident, waits: number, stay?: number): number => {
  if (state === 'loading') return holds.size > 0 ? Number.POSITIVE_INFINITY : since;
  const time = stay ?? Math.max(leastStay, cost);
  if (holds.size > 0) return Math.max(since, waits) + time;
  return wanted ? since + time : since;
};

/** Idle ones first, and of these the one whose loading took least for the time since it was last used. */
const byWorth = (now: number) => {
  const worth = ({ cost, used }: Resident) => cost / (now - used + 1);
  return (one: Resident, other: Resident): number =>
    Math.sign(one.holds.size) - Math.sign(other.holds.size) || worth(one) - worth(other);
};

/** The first of them that are large enough together, without those that the last ones make needless. */
const enough = (residents: readonly Resident[], missing: number): readonly Resident[] | undefined => {
  const count = residents.findIndex((_, index) => sizeOf(residents.slice(0, index + 1)) >= missing) + 1;
  if (count === 0) return undefined;
  let chosen = residents.slice(0, count);
  for (const one of chosen.toReversed()) {
    const others = chosen.filter((other) => other !== one);
    if (sizeOf(others) >= missing) chosen = others;
  }
  return chosen;
};

const sizeOf = (residents: readonly Resident[]): number => residents.reduce((sum, { size }) => sum + size, 0);
