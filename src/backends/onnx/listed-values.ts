import type { JsonSchema } from '../../runtime/json-schema.ts';
import { acceptsValue } from './constraint/schema/accepts-value.ts';
import { isSchemaObject, SchemaDocument, type SchemaObject } from './constraint/schema/schema-document.ts';
import { isSameValue } from './constraint/schema/values-of.ts';

/** A value without parts. */
export type Scalar = string | number | boolean | null;

/** More than these are written freely, under the grammar of the schema. */
const most = 64;

/**
 * The values that a schema allows, where it does nothing but list at most 64 scalars, however it says so: with `enum`,
 * `const`, `type: 'boolean'`, or some of these combined. `undefined` otherwise.
 */
export const listedValues = (schema: JsonSchema): readonly Scalar[] | undefined => {
  const document = new SchemaDocument(schema);
  const listed = list(document, schema, []);
  const values = listed
    ?.filter((value, index) => listed.findIndex((other) => isSameValue(value, other)) === index)
    .filter((value) => acceptsValue(document, schema, value));
  const usable = values !== undefined && values.length > 0 && values.length <= most && values.every(isScalar);
  return usable ? values : undefined;
};

/** Values among which are all that a schema allows; `undefined` where it lists none. `around` guards against circles. */
const list = (
  document: SchemaDocument,
  schema: unknown,
  around: readonly SchemaObject[],
): readonly unknown[] | undefined => {
  if (!isSchemaObject(schema) || around.includes(schema)) return undefined;
  const inside = (part: unknown) => list(document, part, [...around, schema]);
  if ('const' in schema) return [schema.const];
  if (Array.isArray(schema.enum)) return schema.enum;
  const types = [schema.type].flat();
  if (types.every((type) => type === 'boolean' || type === 'null')) return types.flatMap(ofType);
  const target = typeof schema.$ref === 'string' ? inside(document.resolve(schema.$ref, schema)) : undefined;
  const branches = [schema.anyOf, schema.oneOf].filter(Array.isArray).map((branch) => branch.map(inside));
  const whole = branches.find((lists) => lists.every((values) => values !== undefined));
  return (
    target ?? whole?.flat() ?? (Array.isArray(schema.allOf) ? schema.allOf.map(inside).find(Array.isArray) : undefined)
  );
};

const ofType = (type: unknown): readonly unknown[] => (type === 'null' ? [null] : [true, false]);

const isScalar = (value: unknown): value is Scalar => value === null || typeof value !== 'object';
