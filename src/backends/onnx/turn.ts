import type { InferenceRequest } from '../../runtime/inference-request.ts';
import type { ChatTemplate } from './chat-template.ts';
import type { GrammarCompiler } from './constraint/grammar-compiler.ts';
import type { OldConstraint as TokenConstraint } from './constraint/old-constraint.ts';
import type { OutputParser } from './output-parser.ts';
import { plainParser } from './plain-parser.ts';
import { planSchemaTurn } from './plan-schema-turn.ts';
import { renderPrompt } from './render-prompt.ts';
import type { Tokenizer } from './tokenizer.ts';
import { planToolTurn } from './tools/plan-tool-turn.ts';
import { reasoningParser } from './tools/reasoning-parser.ts';

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
  const { schema, tools = [], toolChoice } = request;
  const callable = tools.length > 0 && toolChoice !== 'none';
  if (schema !== undefined && !callable) return planSchemaTurn(request, schema, model);
  const turn = callable ? planToolTurn(request, model) : planAnswer(request, model);
  const think = model.tokenizer.idOf('<think>');
  if (think === undefined) return turn;
  // Some templates begin the reasoning themselves: the token, and a line break.
  return { ...turn, parser: reasoningParser(turn.parser, turn.promptIds.slice(-2).includes(think)) };
};

const planAnswer = ({ messages }: InferenceRequest, model: TurnModel): Turn => ({
  promptIds: model.tokenizer.encode(renderPrompt(messages, model)),
  enforced: false,
  parser: plainParser(),
});
