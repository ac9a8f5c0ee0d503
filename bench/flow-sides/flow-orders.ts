import type { Amounts } from './leave-early.ts';

/** What one of those that are compared can be asked to measure of itself. */
export type FlowOrders = {
  /** Reads `patience` of `total` tokens slowly, and leaves. Gives what was made. */
  leave(patience: number, total: number): Promise<Amounts>;
  /** Reads `total` tokens, again and again for so many milliseconds. Gives microseconds per token. */
  time(total: number, milliseconds: number): Promise<number>;
};
