import type { JsonSchema } from '../../runtime/json-schema.ts';
import { beyondStrict } from './beyond-strict.ts';
import type { OpenAIOptions } from './openai-options.ts';
import { wrapSchema } from './wrap-schema.ts';

/** How a server is told of a schema. */
export type AnswerFormat = {
  /** What the prompt says. */
  readonly prompt?: JsonSchema;
  /** The field `response_format`. */
  readonly field?: object;
  /** Whether the answer will stand in the property `answer` of an object. */
  readonly wrapped: boolean;
  /** The keywords that the server does not promise to hold the model to. */
  readonly unenforced: readonly string[];
};

/** @param genuine Whether the server keeps what OpenAI promises; of another one nobody knows what it does with a schema. */
export const answerFormat = (schema: JsonSchema, schemas: OpenAIOptions['schemas'], genuine: boolean): AnswerFormat => {
  const way = schemas ?? (genuine ? 'response-format' : 'both');
  const sent = way === 'prompt' ? undefined : wrapSchema(schema);
  if (sent === undefined) return { prompt: schema, wrapped: false, unenforced: keywords(schema) };
  const beyond = beyondStrict(sent.schema);
  return {
    ...(way === 'both' && { prompt: sent.schema }),
    field: { type: 'json_schema', json_schema: { name: 'answer', schema: sent.schema, strict: beyond.length === 0 } },
    wrapped: sent.wrapped,
    unenforced: genuine ? beyond : keywords(schema),
  };
};

/** Never empty: of a model that is only asked, not even JSON is certain. */
const keywords = (schema: JsonSchema): readonly string[] => {
  const names = typeof schema === 'object' ? Object.keys(schema) : [];
  return names.length > 0 ? names : ['JSON'];
};
