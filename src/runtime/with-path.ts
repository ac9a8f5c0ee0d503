import { WorkflowError } from './workflow-error.ts';

/** The same error, one step further out. An error of another kind becomes the cause of a `WorkflowError`. */
export const withPath = (error: unknown, name: string): WorkflowError => {
  if (!(error instanceof WorkflowError)) {
    const message = error instanceof Error ? error.message : String(error);
    return withPath(new WorkflowError('step', message, { cause: error }), name);
  }
  // A copy: another reader of the same stream may pass the original through other steps.
  const own = Object.getOwnPropertyDescriptors(error);
  const path = { ...own.path, value: [name, ...error.path] };
  return Object.create(Object.getPrototypeOf(error), { ...own, path });
};
