import type { InferenceRequest } from './inference-request.ts';

/** What goes into a request beside the conversation. */
export type RequestFields = Omit<InferenceRequest, 'id' | 'messages' | 'prefix'>;
