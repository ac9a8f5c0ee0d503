import type { JsonSchema } from '../../../../runtime/json-schema.ts';
import { acceptsValue } from './accepts-value.ts';
import { numbersOf } from './numbers-of.ts';
import { propertySchemas, requiredNames } from './property-schemas.ts';
import { isSchemaObject, type SchemaDocument, type SchemaObject } from './schema-document.ts';
import { typesOf } from './types-of.ts';
import { valuesOf } from './values-of.ts';

const mostDepth = 3;

/** Whether no value of certain types can satisfy two of these schemas; where it is hard to tell the answer is no. */
export const isDisjoint = (document: SchemaDocument, schemas: readonly JsonSchema[], type: unknown): boolean => {
  const around = type === undefined ? true : { type };
  return schemas.every((one, index) =>
    schemas.slice(index + 1).every((other) => areDisjoint(document, [around, one], [around, other], mostDepth)),
  );
};

const areDisjoint = (
  document: SchemaDocument,
  one: readonly JsonSchema[],
  other: readonly JsonSchema[],
  depth: number,
): boolean => {
  const sides = [gather(document, one), gather(document, other)] as const;
  if (sides.some((side) => side.some((schema) => schema === false))) return true;
  const [left, right] = sides.map((side) => side.filter(isSchemaObject)) as [SchemaObject[], SchemaObject[]];
  const shared = typesOf([...left, ...right]);
  if (shared.length === 0) return true;
  const fails = (values: readonly unknown[] | undefined, side: readonly SchemaObject[]) =>
    values?.every((value) => side.some((schema) => !acceptsValue(document, schema, value))) ?? false;
  if (fails(valuesOf(left), right) || fails(valuesOf(right), left)) return true;
  return shared.every((type) => {
    if (type === 'number' || type === 'integer') return least(left) > most(right) || least(right) > most(left);
    return type === 'object' && depth > 0 && differInProperty(document, left, right, depth - 1);
  });
};

/** Whether a property that one side asks for can have no value that suits both. */
const differInProperty = (
  document: SchemaDocument,
  left: readonly SchemaObject[],
  right: readonly SchemaObject[],
  depth: number,
): boolean =>
  requiredNames([...left, ...right]).some((name) =>
    areDisjoint(document, propertySchemas(left, name), propertySchemas(right, name), depth),
  );

/** What holds for sure: the schemas and all that they join; what they leave open is left out. */
const gather = (document: SchemaDocument, schemas: readonly JsonSchema[]): readonly JsonSchema[] => {
  const found = new Set(schemas);
  for (const schema of found) {
    if (!isSchemaObject(schema)) continue;
    const target = typeof schema.$ref === 'string' ? document.resolve(schema.$ref, schema) : undefined;
    if (target !== undefined) found.add(target);
    if (Array.isArray(schema.allOf)) for (const part of schema.allOf) found.add(part);
  }
  return [...found];
};

const least = (schemas: readonly SchemaObject[]): number =>
  Math.max(Number.NEGATIVE_INFINITY, ...numbersOf(schemas, 'minimum'), ...numbersOf(schemas, 'exclusiveMinimum'));

const most = (schemas: readonly SchemaObject[]): number =>
  Math.min(Number.POSITIVE_INFINITY, ...numbersOf(schemas, 'maximum'), ...numbersOf(schemas, 'exclusiveMaximum'));
