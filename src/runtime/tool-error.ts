import type { ToolCall } from './tool-call.ts';
import { WorkflowError } from './workflow-error.ts';

/** A tool failed, or a call that the model made could not be run. */
export class ToolError extends WorkflowError {
  readonly call: ToolCall;

  constructor(message: string, call: ToolCall, options?: ErrorOptions) {
    super('tool', message, options);
    this.call = call;
  }
}
