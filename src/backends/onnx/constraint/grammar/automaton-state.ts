import type { Thread } from './thread.ts';

/** All the ways in which a text so far fits the grammar. */
export type AutomatonState = {
  readonly id: number;
  readonly threads: readonly Thread[];
  /** Whether the text may end here. */
  readonly accepting: boolean;
  /** Where a byte of each class leads: `null` where nowhere, `undefined` where that is not known yet. */
  readonly next: (AutomatonState | null | undefined)[];
  /** The same state with its counts cut; see `Automaton.cut`. */
  cut: AutomatonState | undefined;
};
