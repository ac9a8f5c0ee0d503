import { checkWorkflow } from '../../runtime/check-workflow.ts';
import { expected } from '../../runtime/expected.ts';
import type { Workflow } from '../../runtime/workflow.ts';

/** Reads the branches that an operator is made with, and refuses what is not a record of at least one workflow. */
export const checkBranches = <I, O>(
  owner: string,
  branches: unknown,
): readonly (readonly [string, Workflow<I, O>])[] => {
  if (typeof branches !== 'object' || branches === null || Object.keys(branches).length === 0) {
    throw new TypeError(expected(`the branches of ${owner}`, 'an object with at least one workflow', branches));
  }
  for (const [name, branch] of Object.entries(branches)) {
    checkWorkflow(`the branch ${JSON.stringify(name)} of ${owner}`, branch);
  }
  return Object.entries(branches);
};
