/** Every reason for which a workflow can fail. */
export type WorkflowErrorCode =
  | 'backend'
  | 'schema'
  | 'truncated'
  | 'timeout'
  | 'tool'
  | 'tool-rounds'
  | 'route'
  | 'fan-out'
  | 'partial'
  | 'verification'
  | 'admission'
  | 'reader'
  | 'step';

/** Something that can go wrong in good code. `code` tells what, the fields of each kind tell the facts. */
export class WorkflowError extends Error {
  readonly code: WorkflowErrorCode;
  /** The steps, labels and branches it passed through, outermost first. */
  readonly path: readonly string[] = [];

  constructor(code: WorkflowErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}
