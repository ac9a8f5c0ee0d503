import { checkCount } from '../../runtime/check-count.ts';
import { checkOptions } from '../../runtime/check-options.ts';
import { expected } from '../../runtime/expected.ts';
import type { Workflow } from '../../runtime/workflow.ts';
import { checkBranches } from './check-branches.ts';
import type { FanOutOptions } from './fan-out.ts';

/** The arguments of `mergeFanOut` with their defaults. */
export type FanOutSettings<I> = {
  readonly workflows: readonly (readonly [string, Workflow<I, unknown>])[];
  readonly live: boolean;
  readonly wanted: number;
  readonly concurrency: number;
  readonly onError: { readonly [branch: string]: unknown };
};

/** Reads the arguments of `mergeFanOut`, and refuses misuse when the operator is made. */
export const checkFanOut = <I>(branches: object, options: FanOutOptions<object>): FanOutSettings<I> => {
  const workflows = checkBranches<I, unknown>('mergeFanOut', branches);
  checkOptions('mergeFanOut', options, ['emit', 'take', 'concurrency', 'onError']);
  const { emit, take = workflows.length, concurrency = Number.POSITIVE_INFINITY, onError = {} } = options;
  checkCount('concurrency', concurrency, 1);
  if (emit !== undefined && emit !== 'each') throw new TypeError(expected('`emit`', "'each' or left out", emit));
  if (!Number.isInteger(take) || take < 1 || take > workflows.length) {
    throw new RangeError(expected('`take`', `a whole number from 1 to ${workflows.length}`, take));
  }
  if (typeof onError !== 'object' || onError === null) throw new TypeError(expected('`onError`', 'an object', onError));
  const names = workflows.map(([name]) => name);
  const stray = Object.keys(onError).find((name) => !names.includes(name));
  if (stray !== undefined) {
    throw new TypeError(`Expected the branches in \`onError\` to be among ${names.join(', ')}, received \`${stray}\``);
  }
  return { workflows, live: emit === 'each', wanted: take, concurrency, onError: { ...onError } };
};
