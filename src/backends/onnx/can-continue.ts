import type { InferenceRequest } from '../../runtime/inference-request.ts';

/** Whether the model can go on from the `prefix` of a request: what a grammar holds has to be held from its beginning. */
export const canContinue = ({ schema, tools = [], toolChoice }: Omit<InferenceRequest, 'prefix'>): boolean =>
  schema === undefined && (tools.length === 0 || toolChoice === 'none');
