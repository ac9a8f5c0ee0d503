import type { ByteNode } from './byte-node.ts';
import type { PairKind } from './grammar-node.ts';

/** A grammar as a machine follows it. `id` is unique within a program. */
export type Instruction = ReadInstruction | CallInstruction | RepeatInstruction | PairInstruction | PlainInstruction;

/** Reads one character. */
export type ReadInstruction = {
  readonly op: 'read';
  readonly id: number;
  readonly node: ByteNode;
  readonly next: Instruction;
};

/** Follows a rule, and goes on where the rule returns. */
export type CallInstruction = {
  readonly op: 'call';
  readonly id: number;
  /** The rule's first instruction; the program fills it in. */
  rule: Instruction;
  readonly next: Instruction;
};

/** Follows the body, which ends with `again`, from `min` to `max` times. */
export type RepeatInstruction = {
  readonly op: 'repeat';
  readonly id: number;
  /** The program fills it in. */
  body: Instruction;
  readonly min: number;
  readonly max: number;
  readonly next: Instruction;
};

/** Follows two programs at once. */
export type PairInstruction = {
  readonly op: 'pair';
  readonly id: number;
  readonly kind: PairKind;
  /** The id of the node in the grammar that it stands for. */
  readonly pair: number;
  readonly left: Instruction;
  readonly right: Instruction;
  readonly next: Instruction;
};

type PlainInstruction =
  /** Follows each of these. */
  | { readonly op: 'split'; readonly id: number; readonly targets: readonly Instruction[] }
  /** Ends a rule; ends the body of a repetition; ends the whole. */
  | { readonly op: 'return' | 'again' | 'accept'; readonly id: number };
