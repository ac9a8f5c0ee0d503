import { totalmem } from 'node:os';

/** What a machine has, and what its container may have of it; both in bytes. */
type Memory = { readonly total: number; readonly constrained: number };

/**
 * The bytes that a pool's models may take where nobody says how many: half of what the machine has, or of what its
 * container may have. The other half is for the program itself, and for the pages of files that the system keeps.
 */
export const defaultBudget = ({ total, constrained }: Memory = readMemory()): number =>
  // Without a limit, a control group says 0 or a number beyond any machine.
  Math.floor((constrained > 0 ? Math.min(total, constrained) : total) / 2);

/** Node reads the limits of control groups, of version 1 and 2. */
const readMemory = (): Memory => ({ total: totalmem(), constrained: process.constrainedMemory() });
