/** Settings of `admit`. */
export type AdmitOptions<I> = {
  /** How many inputs may wait. `0` lets none wait; `Infinity` refuses none and holds nobody. */
  readonly capacity: number;
  /** How many inputs are worked on at once, of all subscribers together. Defaults to `1`. */
  readonly concurrency?: number;
  /**
   * What happens when the room is full. `'hold'` makes the stage before it wait. `'error'` refuses an input with an
   * `AdmissionError`, and `'drop-newest'` without a word: the one that came last, of those with the lowest priority.
   * `'drop-oldest'` drops the one of these that came first, for the sake of the new one. Defaults to `'hold'`.
   */
  readonly overflow?: 'hold' | 'error' | 'drop-oldest' | 'drop-newest';
  /** What goes first: the higher, and among equals who came first. Defaults to `0` for all. */
  readonly priority?: (input: NoInfer<I>) => number;
};

/** What goes on at the door of `admit`. */
export type AdmitState = {
  /** How many inputs wait. */
  readonly waiting: number;
  /** How many are worked on. */
  readonly running: number;
  /** Milliseconds that the input which was admitted last had waited; `0` before the first. */
  readonly waited: number;
};
