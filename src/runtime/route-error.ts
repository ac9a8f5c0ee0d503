import { WorkflowError } from './workflow-error.ts';

/** `select` gave a label that no branch has. */
export class RouteError extends WorkflowError {
  /** What `select` gave; `undefined` where it gave nothing. */
  readonly label: string | undefined;
  readonly branches: readonly string[];

  constructor(label: string | undefined, branches: readonly string[]) {
    const expected = branches.map((branch) => JSON.stringify(branch)).join(', ');
    const received = label === undefined ? 'no label' : JSON.stringify(label);
    super('route', `Expected one of the branches ${expected}, received ${received}`);
    this.label = label;
    this.branches = branches;
  }
}
