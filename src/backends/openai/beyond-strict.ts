import type { JsonSchema } from '../../runtime/json-schema.ts';

const known = [
  ...['type', 'enum', 'const', 'anyOf', '$ref', '$defs', 'definitions', 'title', 'description', '$schema'],
  ...['properties', 'required', 'additionalProperties', 'items', 'minItems', 'maxItems', 'pattern', 'format'],
  ...['multipleOf', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
];
const formats = ['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uuid'];

type SchemaObject = { readonly [keyword: string]: unknown };

/**
 * The keywords for which a schema is not one that OpenAI holds a model to: its strict mode knows some keywords only, wants a
 * type everywhere, and of every object all properties and no others.
 */
export const beyondStrict = (schema: JsonSchema): readonly string[] => [...new Set(found(schema))];

const found = (schema: unknown): readonly string[] => {
  if (!isSchemaObject(schema)) return [String(schema)];
  const { anyOf, $defs, definitions, properties, items } = schema;
  const within = [anyOf, $defs, definitions, properties].flatMap((part) => Object.values(part ?? {}));
  return [...broken(schema), ...within.flatMap(found), ...(items === undefined ? [] : found(items))];
};

const broken = (schema: SchemaObject): readonly string[] => {
  const { properties = {}, required = [], additionalProperties, format, $ref } = schema;
  const types = [schema.type].flat();
  const object = types.includes('object') || 'properties' in schema;
  const needed = required as readonly string[];
  const rules: readonly [string, boolean][] = [
    ['type', 'type' in schema || 'anyOf' in schema || '$ref' in schema],
    ['additionalProperties', !object || additionalProperties === false],
    ['required', Object.keys(properties as object).every((name) => needed.includes(name))],
    ['items', !types.includes('array') || 'items' in schema],
    ['format', format === undefined || formats.includes(format as string)],
    ['$ref', $ref === undefined || /^#(\/(\$defs|definitions)\/[^/]+)?$/.test($ref as string)],
  ];
  const strangers = Object.keys(schema).filter((keyword) => !known.includes(keyword));
  return [...strangers, ...rules.filter(([, kept]) => !kept).map(([keyword]) => keyword)];
};

const isSchemaObject = (schema: unknown): schema is SchemaObject => typeof schema === 'object' && schema !== null;
