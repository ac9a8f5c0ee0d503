/** Something that waits for its turn. */
export type Waiting = {
  /** Higher goes first. */
  readonly priority: number;
  /** How often one that came later, or had its turn more lately, went first. */
  passed: number;
};

/** Whoever was passed this often goes first, whatever its priority. */
export const patience = 8;

/**
 * Whose turn it is among some that stand in line: the first of the highest priority, but nobody is passed more than eight
 * times. Nothing where the line is empty.
 */
export const takeTurn = <Member extends Waiting>(line: readonly Member[]): Member | undefined => {
  let next = line.find(({ passed }) => passed >= patience);
  if (next === undefined) for (const member of line) if (member.priority > (next?.priority ?? -Infinity)) next = member;
  for (const member of line) {
    if (member === next) break;
    member.passed++;
  }
  if (next) next.passed = 0;
  return next;
};
