import type { JsonSchema } from './json-schema.ts';

/** What a model is told about a tool. */
export type ToolDefinition = {
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of the arguments, an object. */
  readonly parameters: JsonSchema;
};
