import type { RequestFields } from './request-fields.ts';
import type { Timeouts } from './timeouts.ts';

/** What can be asked of a model beside the prompt. */
export type InferOptions = RequestFields &
  Timeouts & {
    /** How many inputs are answered at once. Defaults to `1`, which keeps answers in the order of questions. */
    readonly concurrency?: number;
  };
