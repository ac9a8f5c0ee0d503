import type { JsonSchema } from './json-schema.ts';
import type { Message } from './message.ts';

/** Tells a model in words which schema its answer must match, as the end of the system message. */
export const schemaPrompt = (messages: readonly Message[], schema: JsonSchema): readonly Message[] => {
  const rule = `Answer with one JSON value that matches this JSON Schema, and with nothing else:\n${JSON.stringify(schema)}`;
  const [first, ...others] = messages;
  return first?.role === 'system'
    ? [{ role: 'system', content: `${first.content}\n\n${rule}` }, ...others]
    : [{ role: 'system', content: rule }, ...messages];
};
