import type { InferenceRequest } from '../../runtime/inference-request.ts';
import { Answer } from './answer.ts';
import { Choice } from './choice.ts';
import { Adapter } from './constraint/adapter.ts';
import type { LoadedModel } from './load-model.ts';
import { ModelError } from './model-error.ts';
import { Sampler } from './sampler.ts';
import { Sequence } from './sequence.ts';
import { planTurn } from './turn.ts';

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
 * @throws ModelError where the prompt does not fit, or the model cannot do what the request asks for.
 */
export const beginSequence = async (id: number, request: InferenceRequest, model: LoadedModel): Promise<Begun> => {
  const { promptIds, choices, constraint, enforced, parser } = planTurn(request, model);
  checkLength(promptIds.length, model);
  const made = await constraint?.();
  const sequence = new Sequence({
    id,
    promptIds,
    priority: request.priority ?? 0,
    sampler: new Sampler(request),
    answer: new Answer(model.tokenizer.pieces, parser, request.stop),
    stopIds: model.stopIds,
    maxTokens: Math.min(request.maxTokens ?? defaultMaxTokens, model.context - promptIds.length),
    ...(made && { constraint: new Adapter(made) }),
    ...(choices && {
      choice: new Choice(
        choices.map((text) => model.tokenizer.encode(text)),
        model.stopIds,
        (request.temperature ?? 0) === 0,
      ),
    }),
  });
  return { sequence, enforced };
};

const checkLength = (length: number, { name, context }: LoadedModel): void => {
  if (length === 0) throw new ModelError('Expected a prompt of at least one token, received an empty one');
  if (length < context) return;
  throw new ModelError(
    `Expected a prompt that leaves room in the context of ${name}, which is ${context} tokens, received ${length} tokens: shorten it, or take a model with a longer context`,
  );
};
