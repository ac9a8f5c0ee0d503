import { Ajv2020 } from 'ajv/dist/2020.js';
import { defer, type Observable, of } from 'rxjs';
import type { FromSchema } from './from-schema.ts';
import type { JsonSchema } from './json-schema.ts';
import type { StandardSchema } from './standard-schema.ts';
import type { Validation } from './validation.ts';

/** A schema that is ready to check values. */
export interface CompiledSchema<T> {
  /** The JSON Schema, which is what a model is shown and held to. */
  readonly json: JsonSchema;
  /** Checks a value, at once and synchronously unless the schema is one of a library that answers with a promise. */
  validate(value: unknown): Observable<Validation<T>>;
}

/**
 * Makes a schema ready to check values, and refuses one that cannot be used. Made once per schema: a schema that is
 * changed afterwards checks as before.
 *
 * @throws TypeError, RangeError when the schema cannot be compiled.
 */
export const compileSchema = <const S extends JsonSchema | StandardSchema>(
  schema: S,
): CompiledSchema<FromSchema<S>> => {
  const json = isStandard(schema)
    ? schema['~standard'].jsonSchema.input({ target: 'draft-2020-12' })
    : (schema as JsonSchema);
  const check = new Ajv2020({ allErrors: true, strict: false }).compile(json);
  return {
    json,
    validate: (value) =>
      defer(() => {
        if (check(value)) return of({ valid: true, value: value as FromSchema<S> } as const);
        const issues = (check.errors ?? []).map(({ instancePath, message = '' }) => ({ path: instancePath, message }));
        return of({ valid: false, issues } as const);
      }),
  };
};
const isStandard = (schema: JsonSchema | StandardSchema): schema is StandardSchema =>
  typeof schema !== 'boolean' && '~standard' in schema;
