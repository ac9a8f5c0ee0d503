import type { InferenceRequest } from './inference-request.ts';

/** What can be asked of a model beside the prompt. */
export type InferOptions = Omit<InferenceRequest, 'id' | 'messages'> & {
  /** How many inputs are answered at once. Defaults to `1`, which keeps answers in the order of questions. */
  readonly concurrency?: number;
};
