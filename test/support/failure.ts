import { BackendError } from 'millrace';

/** An error of a backend, retryable unless said otherwise. */
export const failure = (
  facts: { readonly retryable?: boolean; readonly retryAfter?: number; readonly status?: number } = {},
) => new BackendError('busy', { backend: 'scripted', retryable: true, ...facts });
