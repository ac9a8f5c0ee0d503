import type { InferenceRequest } from '../../runtime/inference-request.ts';
import { Answer } from './answer.ts';
import { Choice } from './choice.ts';
import type { Demand } from './demand.ts';
import type { LoadedModel } from './load-model.ts';
import { ModelError } from './model-error.ts';
import { makeParser } from './parser-plan.ts';
import { Sampler } from './sampler.ts';
import { Sequence, type SequenceStart } from './sequence.ts';
import type { PlannedTurn } from './text-thread.ts';

/** The most tokens of an answer where the request does not say. */
const defaultMaxTokens = 1024;

/** A request that is ready for the engine. */
export type Begun = {
  readonly sequence: Sequence;
  /** Whether the answer is held to every keyword of the request's schema. */
  readonly enforced: boolean;
};

/**
 * Makes the sequence of a request.
 *
 * @throws Error where the prompt does not fit, the model cannot do what the request asks for, or it is withdrawn.
 */
export const beginSequence = async (
  id: number,
  request: InferenceRequest,
  demand: Demand,
  model: LoadedModel,
): Promise<Begun> => {
  const turn = await model.text.plan(id, request);
  try {
    checkLength(turn.promptIds.length, model);
    return { sequence: new Sequence(startOf(id, request, demand, model, turn)), enforced: turn.enforced };
  } catch (error) {
    turn.constraint?.dispose();
    throw error;
  }
};

const startOf = (
  id: number,
  request: InferenceRequest,
  demand: Demand,
  model: LoadedModel,
  { promptIds, choices, constraint, parser }: PlannedTurn,
): SequenceStart => ({
  id,
  promptIds,
  priority: request.priority ?? 0,
  demand,
  sampler: new Sampler(request),
  answer: new Answer(model.pieces, makeParser(parser, request.id), request.stop, request.prefix !== undefined),
  stopIds: model.stopIds,
  maxTokens: Math.min(request.maxTokens ?? defaultMaxTokens, model.context - promptIds.length),
  ...(constraint && { constraint }),
  ...(choices && { choice: new Choice(choices, model.stopIds, (request.temperature ?? 0) === 0) }),
});

const checkLength = (length: number, { name, context }: LoadedModel): void => {
  if (length === 0) throw new ModelError('Expected a prompt of at least one token, received an empty one');
  if (length < context) return;
  throw new ModelError(
    `Expected a prompt that leaves room in the context of ${name}, which is ${context} tokens, received ${length} tokens: shorten it, or take a model with a longer context`,
  );
};
