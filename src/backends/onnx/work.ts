/** What to compute of one sequence in a run of the model. */
export type Work = {
  /** Its place in the cache. */
  readonly slot: number;
  /** How many tokens of the place stay; those to compute follow them. */
  readonly from: number;
  readonly ids: readonly number[];
  /** Of how many of the last tokens the scores of what follows are wanted. */
  readonly keep: number;
};
