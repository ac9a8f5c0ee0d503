/** What a check says of a value. */
export type Verdict = {
  readonly accepted: boolean;
  /** Why not. A repair and the error both show it. */
  readonly reason?: string | undefined;
};
