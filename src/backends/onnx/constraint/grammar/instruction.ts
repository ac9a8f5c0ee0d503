import type { ByteNode } from './byte-node.ts';
import type { PairKind } from './grammar-node.ts';

/** A grammar as a machine follows it. `id` is unique within a program; the same instruction is there only once. */
export type Instruction =
  | ReadInstruction
  | CallInstruction
  | LoopInstruction
  | RepeatInstruction
  | PairInstruction
  | PlainInstruction;

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
  readonly rule: Rule;
  readonly next: Instruction;
};

/** A rule of the grammar. */
export type Rule = {
  readonly name: string;
  /** Its first instruction; the program fills it in. */
  start: Instruction;
};

/** Follows a loop from `min` to `max` times. */
export type RepeatInstruction = {
  readonly op: 'repeat';
  readonly id: number;
  readonly loop: LoopInstruction;
  readonly min: number;
  readonly max: number;
};

/** Follows the body, which ends with `again`, as often as is counted in a frame. */
export type LoopInstruction = {
  readonly op: 'loop';
  readonly id: number;
  readonly body: Instruction;
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
  /** Ends a rule; ends the body of a loop; ends the whole. */
  | { readonly op: 'return' | 'again' | 'accept'; readonly id: number };
