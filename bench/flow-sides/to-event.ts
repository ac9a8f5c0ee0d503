import type { InferenceEvent } from 'millrace';

/** Makes events of tokens: the form that ours wants, and that RxJS, which has none of its own, is given too. */
export const toEvent =
  (request: string) =>
  (text: string): InferenceEvent => ({ type: 'token', text, request, attempt: 1 });
