import type { InferenceRequest } from '../../runtime/inference-request.ts';
import type { JsonSchema } from '../../runtime/json-schema.ts';
import type { ToolDefinition } from '../../runtime/tool-definition.ts';
import { ModelError } from './model-error.ts';
import type { Tokenizer } from './tokenizer.ts';
import { type ToolFormat, toolFormatOf } from './tools/tool-format.ts';

/** The schema of an answer. */
export type SchemaSource = { readonly type: 'schema'; readonly schema: JsonSchema };

/** The tools that a turn may call, and how its model writes calls. */
export type CallSource = {
  readonly type: 'calls';
  readonly tools: readonly ToolDefinition[];
  readonly format: ToolFormat;
  /** Whether the turn must be a call. */
  readonly required: boolean;
};

/** What a grammar is made of, as plain data. */
export type GrammarSource = SchemaSource | CallSource;

/**
 * What the answer to a request is held to; nothing where it is free.
 *
 * @throws ModelError where the request wants tools and a schema at once.
 */
export const grammarSource = (
  { schema, tools = [], toolChoice = 'auto' }: InferenceRequest,
  tokenizer: Pick<Tokenizer, 'idOf'>,
): GrammarSource | undefined => {
  if (tools.length === 0 || toolChoice === 'none') return schema === undefined ? undefined : { type: 'schema', schema };
  if (schema !== undefined) {
    throw new ModelError('Expected a request with `tools` or with `schema`, received one with both: ask in two steps');
  }
  const callable = typeof toolChoice === 'object' ? tools.filter(({ name }) => name === toolChoice.name) : tools;
  return { type: 'calls', tools: callable, format: toolFormatOf(tokenizer), required: toolChoice !== 'auto' };
};
