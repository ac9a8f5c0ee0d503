import type { InferenceEvent } from './inference-event.ts';

const types: { readonly [type in InferenceEvent['type']]: true } = {
  token: true,
  reasoning: true,
  'tool-call-delta': true,
  'tool-call': true,
  'tool-result': true,
  retract: true,
  finish: true,
};

/** Whether a value of a workflow is an event of a model, and not a value of any other kind. */
export const isInferenceEvent = (value: unknown): value is InferenceEvent => {
  if (typeof value !== 'object' || value === null) return false;
  const { type, request, attempt } = value as Partial<InferenceEvent>;
  return typeof request === 'string' && typeof attempt === 'number' && Object.hasOwn(types, type ?? '');
};
