import type { InferenceRequest } from '../../runtime/inference-request.ts';
import type { ChatTemplate } from './chat-template.ts';
import type { Follower } from './constraint/follower.ts';
import type { GrammarCompiler } from './constraint/grammar-compiler.ts';
import type { SchemaGrammar } from './constraint/schema-grammar.ts';
import type { GrammarSource } from './grammar-source.ts';
import type { ParserPlan } from './parser-plan.ts';
import { planSchemaTurn } from './plan-schema-turn.ts';
import { renderPrompt } from './render-prompt.ts';
import type { Tokenizer } from './tokenizer.ts';
import { planToolTurn } from './tools/plan-tool-turn.ts';

/** What a model is given for one request, and how its output is read, as plain data. */
export type TurnPlan = {
  readonly promptIds: readonly number[];
  /** The tokens of the whole answers to choose from by their scores, instead of writing freely. */
  readonly choices?: readonly (readonly number[])[];
  /** Whether a grammar or the choices hold the answer to every keyword of the request's schema. */
  readonly enforced: boolean;
  readonly parser: ParserPlan;
};

/** A plan, and what holds the model to a grammar while it writes. */
export type Turn = {
  readonly plan: TurnPlan;
  /** Follows the answer through its grammar, which is compiled when this is called: once at most. */
  readonly follow?: () => Follower;
};

/** What a turn is planned with. */
export type TurnModel = {
  readonly tokenizer: Tokenizer;
  readonly template: ChatTemplate;
  /** Compiles grammars over the model's vocabulary; made at the first call. */
  readonly grammars: () => GrammarCompiler;
};

/** A source, and the grammar that was made of it. */
export type Held<Source extends GrammarSource = GrammarSource> = Source & { readonly grammar: SchemaGrammar };

/**
 * Decides what the model is given for a request, and how its output is read.
 *
 * @param held What the answer is held to: the request's `grammarSource`.
 */
export const planTurn = (request: InferenceRequest, model: TurnModel, held?: Held): Turn => {
  if (held?.type === 'schema') return planSchemaTurn(request, held, model);
  const turn = held ? planToolTurn(request, held, model) : planAnswer(request, model);
  const think = model.tokenizer.idOf('<think>');
  if (think === undefined) return turn;
  // Some templates begin the reasoning themselves: the token, and a line break.
  const thinking = request.prefix === undefined && turn.plan.promptIds.slice(-2).includes(think);
  return { ...turn, plan: { ...turn.plan, parser: { ...turn.plan.parser, thinking } } };
};

const planAnswer = ({ messages, prefix }: InferenceRequest, model: TurnModel): Turn => {
  const prompt = renderPrompt(messages, model);
  // Where the template begins the reasoning itself, the answer is behind it.
  const thought = prefix !== undefined && /<think>\s*$/.test(prompt) ? '</think>\n\n' : '';
  return {
    plan: { promptIds: model.tokenizer.encode(prompt + thought + (prefix ?? '')), enforced: false, parser: {} },
  };
};
