import type { Workflow } from '../../runtime/workflow.ts';

/** Workflows by name that all take the same input; `Outputs` holds what each one gives. */
export type Branches<I, Outputs> = { readonly [Branch in keyof Outputs]: Workflow<I, Outputs[Branch]> } & {
  // TypeScript reads `I` from here where nothing else tells it.
  readonly [branch: string]: Workflow<I, unknown>;
};
