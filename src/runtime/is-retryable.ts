import { BackendError } from './backend-error.ts';

/** Whether the same request may succeed later. */
export const isRetryable = (error: unknown): error is BackendError => error instanceof BackendError && error.retryable;
