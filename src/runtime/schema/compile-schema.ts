import { defer, type Observable, of } from 'rxjs';
import { expected } from '../expected.ts';
import type { JsonSchema } from '../json-schema.ts';
import type { FromSchema } from './from-schema.ts';
import { jsonValidator } from './json-validator.ts';
import { snapshotSchema } from './snapshot-schema.ts';
import { standardJsonSchema } from './standard-json-schema.ts';
import type { StandardSchema } from './standard-schema.ts';
import { validateStandard } from './validate-standard.ts';
import type { Validation } from './validation.ts';

/** A schema that is ready to check values. */
export interface CompiledSchema<T> {
  /** The JSON Schema, which is what a model is shown and held to. */
  readonly json: JsonSchema;
  /** Checks a value, at once and synchronously unless the schema is one of a library that answers with a promise. */
  validate(value: unknown): Observable<Validation<T>>;
}

const compiled = new WeakMap<object, CompiledSchema<unknown>>();

/**
 * Makes a schema ready to check values. Done once per schema: one that is changed afterwards checks as before.
 *
 * A Standard Schema is checked as its JSON Schema first, then by its own library, whose output is the value.
 *
 * @throws TypeError where it is no schema, cannot be compiled or cannot give its JSON Schema.
 * @throws RangeError where it is too large, or can make a check run for ages.
 */
export const compileSchema = <const S extends JsonSchema | StandardSchema>(
  schema: S,
): CompiledSchema<FromSchema<S>> => {
  if (typeof schema === 'boolean') return compile(schema) as CompiledSchema<FromSchema<S>>;
  if (schema === null || Array.isArray(schema) || !['object', 'function'].includes(typeof schema)) {
    throw new TypeError(expected('a schema', 'a JSON Schema or a Standard Schema', schema));
  }
  const known = compiled.get(schema) ?? compile(schema);
  compiled.set(schema, known);
  return known as CompiledSchema<FromSchema<S>>;
};

const compile = (schema: JsonSchema | StandardSchema): CompiledSchema<unknown> => {
  const standard = isStandard(schema) ? schema : undefined;
  const json = snapshotSchema(standard ? standardJsonSchema(standard) : schema);
  const issuesOf = jsonValidator(json);
  return {
    json,
    validate: (value) =>
      defer(() => {
        const issues = issuesOf(value);
        if (issues.length > 0) return of({ valid: false, issues } as const);
        return standard ? validateStandard(standard, value) : of({ valid: true, value } as const);
      }),
  };
};

const isStandard = (schema: JsonSchema | StandardSchema): schema is StandardSchema =>
  typeof schema !== 'boolean' && '~standard' in schema;
