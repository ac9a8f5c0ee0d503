/**
 * Lets each of several take its turn, round after round, each round beginning with another one. Before the first round,
 * each takes a turn that does not count.
 *
 * @param turn Is told the round: 0 is the one that does not count.
 * @returns What each brought, in the order of `all`.
 */
export const interleave = async <Each, Result>(
  all: readonly Each[],
  rounds: number,
  turn: (each: Each, round: number) => Promise<Result>,
): Promise<readonly (readonly Result[])[]> => {
  const results = all.map((): Result[] => []);
  for (const each of all) await turn(each, 0);
  for (let round = 1; round <= rounds; round++) {
    for (let place = 0; place < all.length; place++) {
      const index = (round + place) % all.length;
      results[index]?.push(await turn(all[index] as Each, round));
    }
  }
  return results;
};
