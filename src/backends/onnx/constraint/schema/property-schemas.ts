import type { JsonSchema } from '../../../../runtime/json-schema.ts';
import { isSchemaObject, type SchemaObject } from './schema-document.ts';

type SchemaMap = { readonly [name: string]: JsonSchema };

/** `properties`, `patternProperties` and the like of a schema. */
export const mapOf = (schema: SchemaObject, keyword: string): SchemaMap => {
  const map = schema[keyword];
  return isSchemaObject(map) ? (map as SchemaMap) : {};
};

/** The names that at least one of these schemas asks for. */
export const requiredNames = (schemas: readonly SchemaObject[]): readonly string[] => [
  ...new Set(schemas.flatMap(({ required }) => (Array.isArray(required) ? (required as readonly string[]) : []))),
];

/** Whether a name matches a `pattern`; one that is not a regular expression is matched by none. */
export const matchesPattern = (pattern: string, name: string): boolean => {
  try {
    return new RegExp(pattern, 'u').test(name);
  } catch {
    return false;
  }
};

/** What these schemas ask of the property of that name. */
export const propertySchemas = (schemas: readonly SchemaObject[], name: string): readonly JsonSchema[] =>
  schemas.flatMap((schema) => {
    const properties = mapOf(schema, 'properties');
    const matched = Object.entries(mapOf(schema, 'patternProperties'))
      .filter(([pattern]) => matchesPattern(pattern, name))
      .map(([, inside]) => inside);
    const own = Object.hasOwn(properties, name) ? [properties[name] as JsonSchema, ...matched] : matched;
    const { additionalProperties } = schema;
    return own.length === 0 && additionalProperties !== undefined ? [additionalProperties as JsonSchema] : own;
  });
