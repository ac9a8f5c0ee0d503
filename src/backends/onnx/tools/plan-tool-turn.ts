import type { InferenceRequest } from '../../../runtime/inference-request.ts';
import type { Follower } from '../constraint/follower.ts';
import type { CallSource } from '../grammar-source.ts';
import { ModelError } from '../model-error.ts';
import type { Held, Turn, TurnModel } from '../turn.ts';
import { MarkedCalls } from './marked-calls.ts';
import { ToolDialogue } from './tool-dialogue.ts';

/**
 * Plans a turn in which the model may call tools: the prompt tells them, a grammar holds every call to a tool's name and
 * parameters, and the calls are read out of what the model writes.
 */
export const planToolTurn = (
  { messages, tools = [] }: InferenceRequest,
  held: Held<CallSource>,
  model: TurnModel,
): Turn => {
  const { format } = held;
  const prompt = new ToolDialogue(model.template, format).render(messages, tools);
  const promptIds = model.tokenizer.encode(prompt);
  return {
    plan: { promptIds, enforced: false, parser: { calls: format } },
    follow: () => follow(held, promptIds.at(-1), model),
  };
};

const follow = (
  { format, required, grammar: { grammar, dead } }: Held<CallSource>,
  before: number | undefined,
  { grammars, tokenizer }: TurnModel,
): Follower => {
  const compiler = grammars();
  if (format.markers === undefined) return compiler.follow(grammar, before, dead);
  const [begin, end] = [format.markers.begin, format.markers.end].map(tokenizer.idOf);
  if (begin === undefined || end === undefined) throw new ModelError('Expected the tokens of a call, received none');
  const { stopIds } = compiler.vocabulary;
  return new MarkedCalls({ begin, end, stopIds }, () => compiler.follow(grammar, begin, dead), required);
};
