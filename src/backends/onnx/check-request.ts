import { checkPriority } from '../../runtime/check-priority.ts';
import { checkSampling, samplingOptions } from '../../runtime/check-sampling.ts';
import type { InferenceRequest } from '../../runtime/inference-request.ts';
import { ModelError } from './model-error.ts';

const known: readonly string[] = ['id', 'messages', 'tools', 'toolChoice', 'schema', 'priority', ...samplingOptions];

/**
 * The request as plain data for the model's thread.
 *
 * @throws ModelError where it asks for something that nobody here honours, RangeError where a value is out of range.
 */
export const checkRequest = (request: InferenceRequest): InferenceRequest => {
  const given = Object.entries(request).filter(([, value]) => value !== undefined);
  const stranger = given.find(([key]) => !known.includes(key));
  if (stranger) {
    throw new ModelError(
      `Expected a request of ${known.join(', ')}, received \`${stranger[0]}\`, which is not honoured`,
    );
  }
  checkSampling(request);
  checkPriority(request.priority);
  const { toolChoice = 'auto' } = request;
  if (!request.tools?.length && toolChoice !== 'auto' && toolChoice !== 'none') {
    throw new ModelError(`Expected \`tools\` for a \`toolChoice\` of ${JSON.stringify(toolChoice)}, received none`);
  }
  const tools = request.tools?.map(({ name, description, parameters }) => ({
    name,
    ...(description !== undefined && { description }),
    parameters,
  }));
  return { ...(Object.fromEntries(given) as InferenceRequest), ...(tools && { tools }) };
};
