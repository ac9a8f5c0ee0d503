import type { InferenceRequest } from '../../../runtime/inference-request.ts';
import type { ToolDefinition } from '../../../runtime/tool-definition.ts';
import type { Follower } from '../constraint/follower.ts';
import { ModelError } from '../model-error.ts';
import type { Turn, TurnModel } from '../turn.ts';
import { MarkedCalls } from './marked-calls.ts';
import { ToolDialogue } from './tool-dialogue.ts';
import { type ToolFormat, toolFormatOf } from './tool-format.ts';
import { toolGrammar } from './tool-grammar.ts';

/**
 * Plans a turn in which the model may call tools: the prompt tells them, a grammar holds every call to a tool's name and
 * parameters, and the calls are read out of what the model writes.
 *
 * @throws ModelError where the request wants tools and a schema at once.
 */
export const planToolTurn = (request: InferenceRequest, model: TurnModel): Turn => {
  const { messages, tools = [], toolChoice = 'auto', schema } = request;
  if (schema !== undefined) {
    throw new ModelError('Expected a request with `tools` or with `schema`, received one with both: ask in two steps');
  }
  const callable = typeof toolChoice === 'object' ? tools.filter(({ name }) => name === toolChoice.name) : tools;
  const format = toolFormatOf(model.tokenizer);
  const prompt = new ToolDialogue(model.template, format).render(messages, tools);
  const promptIds = model.tokenizer.encode(prompt);
  return {
    plan: { promptIds, enforced: false, parser: { calls: format } },
    follow: () => follow(callable, format, toolChoice !== 'auto', promptIds.at(-1), model),
  };
};

const follow = (
  tools: readonly ToolDefinition[],
  format: ToolFormat,
  required: boolean,
  before: number | undefined,
  { grammars, tokenizer }: TurnModel,
): Follower => {
  const compiler = grammars();
  const grammar = toolGrammar(tools, format, required);
  if (format.markers === undefined) return compiler.follow(grammar, before);
  const [begin, end] = [format.markers.begin, format.markers.end].map(tokenizer.idOf);
  if (begin === undefined || end === undefined) throw new ModelError('Expected the tokens of a call, received none');
  const { stopIds } = compiler.vocabulary;
  return new MarkedCalls({ begin, end, stopIds }, () => compiler.follow(grammar, begin), required);
};
