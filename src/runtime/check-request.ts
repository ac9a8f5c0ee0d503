import { checkMessages } from './check-messages.ts';
import { checkPriority } from './check-priority.ts';
import { checkSampling, samplingOptions } from './check-sampling.ts';
import { expected } from './expected.ts';
import type { InferenceRequest } from './inference-request.ts';

const known: readonly string[] = ['id', 'messages', 'tools', 'toolChoice', 'schema', 'priority', ...samplingOptions];

/**
 * The request as plain data, without what is `undefined`: for backends.
 *
 * @throws TypeError where it asks for something that no backend honours, RangeError where a value is out of range.
 */
export const checkRequest = (request: InferenceRequest): InferenceRequest => {
  const { messages } = Object(request);
  if (!Array.isArray(messages) || messages.length === 0) {
    throw new TypeError(expected('the `messages` of a request', 'a list of at least one message', messages));
  }
  checkMessages(messages);
  const given = Object.entries(request).filter(([, value]) => value !== undefined);
  const stranger = given.find(([key]) => !known.includes(key));
  if (stranger) {
    throw new TypeError(
      `Expected a request of ${known.join(', ')}, received \`${stranger[0]}\`, which is not honoured`,
    );
  }
  checkSampling(request);
  checkPriority(request.priority);
  checkToolChoice(request);
  const tools = request.tools?.map(({ name, description, parameters }) => ({
    name,
    ...(description !== undefined && { description }),
    parameters,
  }));
  return { ...(Object.fromEntries(given) as InferenceRequest), ...(tools && { tools }) };
};

const checkToolChoice = ({ tools = [], toolChoice = 'auto' }: InferenceRequest): void => {
  if (toolChoice === 'auto' || toolChoice === 'none') return;
  const received = JSON.stringify(toolChoice);
  if (tools.length === 0) {
    throw new TypeError(`Expected \`tools\` for a \`toolChoice\` of ${received}, received none`);
  }
  if (toolChoice === 'required' || tools.some(({ name }) => name === toolChoice.name)) return;
  const names = tools.map(({ name }) => JSON.stringify(name)).join(', ');
  throw new TypeError(`Expected \`toolChoice\` to name one of the tools ${names}, received ${received}`);
};
