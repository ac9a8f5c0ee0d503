import type { ByteNode } from './byte-node.ts';
import type { Frame } from './frame.ts';
import type { PairInstruction, ReadInstruction } from './instruction.ts';

/** One way in which a text so far fits the grammar. */
export type Thread =
  /** Within a character. */
  | { readonly at: ReadInstruction; readonly node: ByteNode; readonly frame: Frame }
  /** Within a pair; the right side of an `except` may have come to its end. */
  | {
      readonly at: PairInstruction;
      readonly left: AutomatonState;
      readonly right: AutomatonState | undefined;
      readonly frame: Frame;
    };

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

/** The same for the same thread only. */
export const keyOf = (thread: Thread): string =>
  'node' in thread
    ? `${thread.at.id}.${thread.node.id}.${thread.frame.id}`
    : `${thread.at.id}.${thread.left.id}.${thread.right?.id ?? ''}.${thread.frame.id}`;
