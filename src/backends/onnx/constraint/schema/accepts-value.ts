import type { JsonSchema } from '../../../../runtime/json-schema.ts';
import { mapOf, matchesPattern, propertySchemas, requiredNames } from './property-schemas.ts';
import { isSchemaObject, type SchemaDocument, type SchemaObject } from './schema-document.ts';
import { typesOf } from './types-of.ts';
import { isSameValue } from './values-of.ts';

type Check = (value: unknown) => boolean;

/**
 * Whether a schema allows a value that is known before anything is written, such as one of an `enum`. A keyword that it
 * does not know, `format` among them, allows everything.
 */
export const acceptsValue = (document: SchemaDocument, schema: JsonSchema, value: unknown): boolean => {
  if (!isSchemaObject(schema)) return schema;
  const accepts = (inside: unknown, part: unknown) => acceptsValue(document, inside as JsonSchema, part);
  const target = typeof schema.$ref === 'string' ? document.resolve(schema.$ref, schema) : undefined;
  if (target !== undefined && !accepts(target, value)) return false;
  const check: Check = (inside) => accepts(inside, value);
  return (
    typesOf([schema]).some((type) => isOfType(type, value)) &&
    isListed(schema, value) &&
    isCombined(schema, check) &&
    (typeof value !== 'number' || isNumberWithin(schema, value)) &&
    (typeof value !== 'string' || isStringWithin(schema, value)) &&
    (!Array.isArray(value) || isArrayWithin(schema, value, accepts)) &&
    (!isSchemaObject(value) || isObjectWithin(schema, value, accepts, document.isDraft7))
  );
};

type Accepts = (schema: unknown, value: unknown) => boolean;

const isOfType = (type: string, value: unknown): boolean => {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  return type === 'object' ? isSchemaObject(value) : typeof value === type;
};

const isListed = (schema: SchemaObject, value: unknown): boolean =>
  (!('const' in schema) || isSameValue(schema.const, value)) &&
  (!Array.isArray(schema.enum) || schema.enum.some((listed) => isSameValue(listed, value)));

const isCombined = (schema: SchemaObject, check: Check): boolean => {
  const { allOf, anyOf, oneOf, not } = schema;
  if (Array.isArray(allOf) && !allOf.every(check)) return false;
  if (Array.isArray(anyOf) && !anyOf.some(check)) return false;
  if (Array.isArray(oneOf) && oneOf.filter(check).length !== 1) return false;
  if (not !== undefined && check(not)) return false;
  if (schema.if === undefined) return true;
  const next = check(schema.if) ? schema.then : schema.else;
  return next === undefined || check(next);
};

/** Whether a bound is absent or kept. */
const keeps = (bound: unknown, holds: (bound: number) => boolean): boolean => typeof bound !== 'number' || holds(bound);

const isNumberWithin = (schema: SchemaObject, value: number): boolean =>
  keeps(schema.minimum, (bound) => value >= bound) &&
  keeps(schema.maximum, (bound) => value <= bound) &&
  keeps(schema.exclusiveMinimum, (bound) => value > bound) &&
  keeps(schema.exclusiveMaximum, (bound) => value < bound) &&
  keeps(schema.multipleOf, (bound) => Number.isInteger(value / bound));

const isStringWithin = (schema: SchemaObject, value: string): boolean =>
  keeps(schema.minLength, (bound) => [...value].length >= bound) &&
  keeps(schema.maxLength, (bound) => [...value].length <= bound) &&
  (typeof schema.pattern !== 'string' || matchesPattern(schema.pattern, value));

const isArrayWithin = (schema: SchemaObject, value: readonly unknown[], accepts: Accepts): boolean => {
  const { items, prefixItems, additionalItems, contains } = schema;
  const prefix: readonly unknown[] = [prefixItems, items].find(Array.isArray) ?? [];
  const rest = Array.isArray(items) ? additionalItems : items;
  const { minContains = 1, maxContains } = schema;
  const contained = contains === undefined ? 0 : value.filter((item) => accepts(contains, item)).length;
  return (
    value.every((item, index) => accepts(index < prefix.length ? prefix[index] : (rest ?? true), item)) &&
    keeps(schema.minItems, (bound) => value.length >= bound) &&
    keeps(schema.maxItems, (bound) => value.length <= bound) &&
    (contains === undefined ||
      (keeps(minContains, (bound) => contained >= bound) && keeps(maxContains, (bound) => contained <= bound))) &&
    (schema.uniqueItems !== true ||
      value.every((item, index) => !value.slice(0, index).some((other) => isSameValue(item, other))))
  );
};

const isObjectWithin = (schema: SchemaObject, value: SchemaObject, accepts: Accepts, isDraft7: boolean): boolean => {
  const dependencies = isDraft7 ? ['dependencies'] : ['dependentRequired', 'dependentSchemas'];
  const names = Object.keys(value);
  const { propertyNames = true } = schema;
  return (
    requiredNames([schema]).every((name) => Object.hasOwn(value, name)) &&
    keeps(schema.minProperties, (bound) => names.length >= bound) &&
    keeps(schema.maxProperties, (bound) => names.length <= bound) &&
    names.every((name) => accepts(propertyNames, name)) &&
    names.every((name) => propertySchemas([schema], name).every((inside) => accepts(inside, value[name]))) &&
    dependencies.every((keyword) =>
      Object.entries(mapOf(schema, keyword)).every(([name, asked]) => {
        if (!Object.hasOwn(value, name)) return true;
        return accepts(Array.isArray(asked) ? { required: asked } : asked, value);
      }),
    )
  );
};
