import type { InferenceRequest } from '../../runtime/inference-request.ts';
import { schemaPrompt } from '../../runtime/schema-prompt.ts';
import type { AnswerFormat } from './answer-format.ts';
import { chatMessages } from './chat-messages.ts';
import type { OpenAIOptions } from './openai-options.ts';
import type { ToolNames } from './tool-names.ts';

type Asking = {
  readonly options: OpenAIOptions;
  readonly genuine: boolean;
  readonly names: ToolNames;
  readonly format: AnswerFormat | undefined;
};

/**
 * The body of a request; what is `undefined` in it is not sent. `priority` is not: a server has a line of its own.
 *
 * @throws TypeError where the request asks for what the server does not know.
 */
export const chatBody = (request: InferenceRequest, { options, genuine, names, format }: Asking): object => {
  const { model, extraSampling = [], body } = options;
  const { maxTokensField = genuine ? 'max_completion_tokens' : 'max_tokens' } = options;
  for (const option of ['topK', 'minP'] as const) {
    if (request[option] === undefined || extraSampling.includes(option)) continue;
    throw new TypeError(
      `Expected a request without \`${option}\`, which OpenAI does not know: name it in \`extraSampling\` where the server does`,
    );
  }
  const { temperature, topP, topK, minP, seed, maxTokens, stop = [] } = request;
  const messages = format?.prompt === undefined ? request.messages : schemaPrompt(request.messages, format.prompt);
  return {
    model,
    messages: chatMessages(messages, names),
    stream: true,
    stream_options: { include_usage: true },
    temperature,
    top_p: topP,
    top_k: topK,
    min_p: minP,
    seed,
    [maxTokensField]: maxTokens,
    stop: stop.length > 0 ? stop : undefined,
    ...toolFields(request, names),
    response_format: format?.field,
    ...body,
  };
};

/** Nothing where there are no tools: a choice without them is refused. */
const toolFields = ({ tools = [], toolChoice }: InferenceRequest, { encode }: ToolNames): object => {
  if (tools.length === 0) return {};
  const choice =
    typeof toolChoice === 'object' ? { type: 'function', function: { name: encode(toolChoice.name) } } : toolChoice;
  return {
    tools: tools.map(({ name, description, parameters }) => ({
      type: 'function',
      function: {
        name: encode(name),
        description,
        parameters: typeof parameters === 'object' ? parameters : { type: 'object' },
      },
    })),
    tool_choice: choice,
  };
};
