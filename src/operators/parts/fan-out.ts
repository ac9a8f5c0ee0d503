/** What one branch gives: a value of its own, or the one that `onError` holds for it. */
type Given<Outputs, Defaults, Branch extends keyof Outputs> =
  | Outputs[Branch]
  | (Branch extends keyof Defaults ? Defaults[Branch] : never);

/** The last value of every branch, by name. */
export type FanOut<Outputs, Defaults = object> = { [Branch in keyof Outputs]: Given<Outputs, Defaults, Branch> };

/** One value of one branch. */
export type FanOutValue<Outputs, Defaults = object> = {
  [Branch in keyof Outputs]: { readonly branch: Branch; readonly value: Given<Outputs, Defaults, Branch> };
}[keyof Outputs];

/** Settings of `mergeFanOut`. */
export type FanOutOptions<Defaults> = {
  /** `'each'` gives the values of the branches as they come. Left out, each input gives one record. */
  readonly emit?: 'each' | undefined;
  /** How many branches have to finish; the others are then cancelled. Defaults to all of them. */
  readonly take?: number | undefined;
  /** How many branches of one input run at once. Defaults to `Infinity`. */
  readonly concurrency?: number;
  /** By branch, what stands for its value where it fails. */
  readonly onError?: Defaults;
};
