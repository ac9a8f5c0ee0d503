import { WorkflowError } from './workflow-error.ts';

/** A backend could not answer. */
export class BackendError extends WorkflowError {
  /** The backend's `id`. */
  readonly backend: string;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** The HTTP status, where there was one. */
  readonly status?: number;
  /** Milliseconds to wait before trying again, where the backend said so. */
  readonly retryAfter?: number;

  constructor(
    message: string,
    facts: {
      readonly backend: string;
      readonly retryable: boolean;
      readonly status?: number;
      readonly retryAfter?: number;
      readonly cause?: unknown;
    },
  ) {
    super('backend', message, 'cause' in facts ? { cause: facts.cause } : undefined);
    this.backend = facts.backend;
    this.retryable = facts.retryable;
    if (facts.status !== undefined) this.status = facts.status;
    if (facts.retryAfter !== undefined) this.retryAfter = facts.retryAfter;
  }
}
