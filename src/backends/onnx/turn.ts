import type { InferenceRequest } from '../../runtime/inference-request.ts';
import type { Message } from '../../runtime/message.ts';
import type { ChatTemplate } from './chat-template.ts';
import type { GrammarCompiler } from './constraint/grammar-compiler.ts';
import type { TokenConstraint } from './constraint/token-constraint.ts';
import type { OutputParser } from './output-parser.ts';
import { plainParser } from './plain-parser.ts';
import type { Tokenizer } from './tokenizer.ts';
import { planToolTurn } from './tools/plan-tool-turn.ts';
import { reasoningParser } from './tools/reasoning-parser.ts';
import { ToolDialogue } from './tools/tool-dialogue.ts';
import { toolFormatOf } from './tools/tool-format.ts';

/** What a model is given for one request, and how its output is read. */
export type Turn = {
  readonly promptIds: readonly number[];
  /** Makes what holds the model to a grammar while it writes. Called once at most. */
  readonly constraint?: () => Promise<TokenConstraint>;
  /** Whether `constraint` or `choices` hold the answer to every keyword of the request's schema. */
  readonly enforced: boolean;
  /** The whole answers to choose from by their scores, instead of writing freely. */
  readonly choices?: readonly string[];
  readonly parser: OutputParser;
};

/** What a turn is planned with. */
export type TurnModel = {
  readonly tokenizer: Tokenizer;
  readonly template: ChatTemplate;
  /** Compiles grammars over the model's vocabulary; made at the first call. */
  readonly grammars: () => Promise<GrammarCompiler>;
};

/** Decides what the model is given for a request, and how its output is read. */
export const planTurn = (request: InferenceRequest, model: TurnModel): Turn => {
  const turn = planAnswer(request, model);
  const think = model.tokenizer.idOf('<think>');
  if (think === undefined) return turn;
  // Some templates begin the reasoning themselves: the token, and a line break.
  return { ...turn, parser: reasoningParser(turn.parser, turn.promptIds.slice(-2).includes(think)) };
};

const planAnswer = (request: InferenceRequest, model: TurnModel): Turn => {
  const { messages, tools = [], toolChoice } = request;
  if (tools.length > 0 && toolChoice !== 'none') return planToolTurn(request, model);
  const dialogue = new ToolDialogue(model.template, toolFormatOf(model.tokenizer));
  const prompt = messages.some(isOfTools) ? dialogue.render(messages, []) : model.template.render(messages);
  return { promptIds: model.tokenizer.encode(prompt), enforced: false, parser: plainParser() };
};

const isOfTools = (message: Message): boolean =>
  message.role === 'tool' || (message.role === 'assistant' && message.toolCalls !== undefined);
