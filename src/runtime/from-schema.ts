import type { JsonSchema } from './json-schema.ts';
import type { StandardSchema } from './standard-schema.ts';

/** The TypeScript type of the values that match a schema. */
export type FromSchema<S> =
  S extends StandardSchema<never, infer Output> ? Output : S extends JsonSchema ? unknown : never;
