import type { InferenceRequest } from '../../runtime/inference-request.ts';
import type { JsonSchema } from '../../runtime/json-schema.ts';
import type { Message } from '../../runtime/message.ts';
import type { SchemaSource } from './grammar-source.ts';
import { listedValues, type Scalar } from './listed-values.ts';
import { renderPrompt } from './render-prompt.ts';
import type { Held, Turn, TurnModel } from './turn.ts';

/**
 * Plans a turn whose answer is JSON that matches a schema. The prompt shows the schema, since a model that is merely held
 * to it fills strings with what it has just read. A schema that lists its values is a choice among them.
 */
export const planSchemaTurn = (
  request: InferenceRequest,
  { schema, grammar: { grammar, dead, unenforced } }: Held<SchemaSource>,
  model: TurnModel,
): Turn => {
  const values = listedValues(schema);
  const told = tell(request.messages, values ? explainValues(values) : explainSchema(schema));
  const promptIds = model.tokenizer.encode(renderPrompt(told, model));
  const plan = { promptIds, enforced: unenforced.length === 0, parser: {} };
  return values
    ? { plan: { ...plan, choices: values.map((value) => model.tokenizer.encode(JSON.stringify(value))) } }
    : { plan, follow: () => model.grammars().follow(grammar, promptIds.at(-1), dead) };
};

const explainSchema = (schema: JsonSchema): string =>
  `Answer with JSON that matches this JSON Schema, and nothing else:\n${JSON.stringify(schema)}`;

const explainValues = (values: readonly Scalar[]): string =>
  `Choose the right answer:\n${values.map((value) => `- ${value}`).join('\n')}`;

/** Adds to the system message at the beginning, or puts one there. */
const tell = (messages: readonly Message[], words: string): readonly Message[] => {
  const [first, ...others] = messages;
  return first?.role === 'system'
    ? [{ role: 'system', content: `${first.content}\n\n${words}` }, ...others]
    : [{ role: 'system', content: words }, ...messages];
};
