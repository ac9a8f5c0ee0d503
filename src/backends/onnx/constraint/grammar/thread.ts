import type { AutomatonState } from './automaton-state.ts';
import type { ByteNode } from './byte-node.ts';
import type { Frame } from './frame.ts';
import type { PairInstruction, ReadInstruction } from './instruction.ts';

/** One way in which a text so far fits the grammar. There is only one object for each. */
export type Thread = ReadThread | PairThread;

/** Within a character. */
export type ReadThread = {
  readonly id: number;
  readonly at: ReadInstruction;
  readonly node: ByteNode;
  readonly frame: Frame;
};

/** Within a pair; the right side of an `except` may have come to its end. */
export type PairThread = {
  readonly id: number;
  readonly at: PairInstruction;
  readonly left: AutomatonState;
  readonly right: AutomatonState | undefined;
  readonly frame: Frame;
};

/** Whether a thread is one within a pair. */
export const isPairThread = (thread: Thread): thread is PairThread => thread.at.op === 'pair';

/** Whether something may still be written for a thread. A pair stays where it has come to its end. */
export const goesOn = (thread: Thread): boolean => !isPairThread(thread) || thread.left.threads.some(goesOn);
