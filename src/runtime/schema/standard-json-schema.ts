import type { JsonSchema } from '../json-schema.ts';
import type { StandardSchema } from './standard-schema.ts';

/**
 * The JSON Schema of what a Standard Schema takes, before any transformation.
 *
 * @throws TypeError where it cannot give one.
 */
export const standardJsonSchema = ({ '~standard': standard }: StandardSchema): JsonSchema => {
  if (typeof standard?.jsonSchema?.input !== 'function') {
    throw new TypeError(
      `Expected a Standard Schema that can give its JSON Schema, received one of ${standard?.vendor} that cannot: update the library, or pass the JSON Schema itself`,
    );
  }
  try {
    return standard.jsonSchema.input({ target: 'draft-2020-12' });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(
      `Expected a schema that JSON Schema can express, received one of ${standard.vendor} that it cannot: ${message}`,
      { cause },
    );
  }
};
