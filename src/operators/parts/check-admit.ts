import { checkCount } from '../../runtime/check-count.ts';
import { checkOptions } from '../../runtime/check-options.ts';
import { checkPriority } from '../../runtime/check-priority.ts';
import { checkWorkflow } from '../../runtime/check-workflow.ts';
import { expected } from '../../runtime/expected.ts';
import type { Workflow } from '../../runtime/workflow.ts';
import type { AdmitOptions } from './admit-options.ts';

/** The options of `admit` with their defaults. */
export type AdmitSettings<I> = Required<AdmitOptions<I>>;

const overflows = ['hold', 'error', 'drop-oldest', 'drop-newest'];

/** Reads the arguments of `admit`, and refuses misuse when the operator is made. */
export const checkAdmit = <I, O>(workflow: Workflow<I, O>, options: AdmitOptions<I>): AdmitSettings<I> => {
  checkWorkflow('the workflow of admit', workflow);
  checkOptions('admit', options, ['capacity', 'concurrency', 'overflow', 'priority']);
  const { capacity, concurrency = 1, overflow = 'hold', priority = () => 0 } = options;
  if (capacity === undefined) throw new TypeError(expected('`capacity`', 'a whole number of at least 0', capacity));
  checkCount('capacity', capacity, 0);
  checkCount('concurrency', concurrency, 1);
  if (!overflows.includes(overflow))
    throw new TypeError(expected('`overflow`', `one of ${overflows.join(', ')}`, overflow));
  if (typeof priority !== 'function') throw new TypeError(expected('`priority`', 'a function', priority));
  return {
    capacity,
    concurrency,
    overflow,
    priority: (input) => {
      const given = priority(input);
      checkPriority(given);
      return given ?? 0;
    },
  };
};
