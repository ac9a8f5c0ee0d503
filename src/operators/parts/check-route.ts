import { checkCount } from '../../runtime/check-count.ts';
import { checkOptions } from '../../runtime/check-options.ts';
import { checkWorkflow } from '../../runtime/check-workflow.ts';
import { expected } from '../../runtime/expected.ts';
import type { Workflow } from '../../runtime/workflow.ts';
import { checkBranches } from './check-branches.ts';

type Route<I, O> = {
  readonly workflows: readonly (readonly [string, Workflow<I, O>])[];
  /** What two labels that count as the same have in common. */
  readonly toKey: (label: string) => string;
  readonly concurrency: number;
};

/** Reads the arguments of `route`, and refuses misuse when the operator is made. */
export const checkRoute = <I, O>(
  select: unknown,
  branches: { readonly [label: string]: Workflow<I, O> },
  options: { readonly normalise?: boolean; readonly otherwise?: unknown; readonly concurrency?: number },
): Route<I, O> => {
  checkWorkflow('`select` of route', select);
  const workflows = checkBranches<I, O>('route', branches);
  checkOptions('route', options, ['normalise', 'otherwise', 'concurrency']);
  const { normalise = false, otherwise, concurrency = 1 } = options;
  checkCount('concurrency', concurrency, 1);
  if (typeof normalise !== 'boolean') throw new TypeError(expected('`normalise`', 'a boolean', normalise));
  if (otherwise !== undefined) checkWorkflow('`otherwise`', otherwise);

  const toKey = (label: string) => (normalise ? label.trim().toLowerCase() : label);
  const keys = workflows.map(([label]) => toKey(label));
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) {
    throw new TypeError(`Expected the branches of route to differ after normalising, received ${twice} twice`);
  }
  return { workflows, toKey, concurrency };
};
