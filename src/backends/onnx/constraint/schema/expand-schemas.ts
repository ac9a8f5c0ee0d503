import type { JsonSchema } from '../../../../runtime/json-schema.ts';
import { bounds } from './bounds.ts';
import { isDisjoint } from './is-disjoint.ts';
import type { SchemaContext } from './schema-context.ts';
import { isSchemaObject, type SchemaObject } from './schema-document.ts';

/** Schemas that hold all at once, by their own keywords: those that combine schemas are resolved. */
export type Alternative = readonly SchemaObject[];

/** Several schemas of which one holds. */
type Choice = readonly JsonSchema[];

/**
 * The ways in which a value can satisfy all these schemas: references are followed, `allOf` is joined, and each branch
 * of `anyOf` and `oneOf` is a way of its own. None where a schema is `false`.
 *
 * @throws RangeError where there are too many.
 */
export const expandSchemas = (context: SchemaContext, schemas: readonly JsonSchema[]): readonly Alternative[] => {
  const found = new Map<string, Alternative>();
  const ids = new Map<SchemaObject, number>();
  const keyOf = (alternative: Alternative) => {
    for (const schema of alternative) if (!ids.has(schema)) ids.set(schema, ids.size);
    return alternative
      .map((schema) => ids.get(schema))
      .sort()
      .join();
  };
  let count = 0;
  for (const alternative of expand(context, schemas, new Set(), [])) {
    found.set(keyOf(alternative), alternative);
    if (++count > bounds.alternatives) {
      throw new RangeError(
        `Expected a schema with at most ${bounds.alternatives} alternatives, received one with more`,
      );
    }
  }
  return [...found.values()];
};

function* expand(
  context: SchemaContext,
  schemas: readonly JsonSchema[],
  before: ReadonlySet<SchemaObject>,
  open: readonly Choice[],
): Generator<Alternative> {
  const taken = new Set(before);
  const queue = [...schemas];
  const choices = [...open];
  for (let schema = queue.shift(); schema !== undefined; schema = queue.shift()) {
    if (schema === false) return;
    if (!isSchemaObject(schema) || taken.has(schema)) continue;
    taken.add(schema);
    const parts = takeApart(context, schema);
    queue.push(...parts.all);
    choices.push(...parts.choices);
  }
  const [choice, ...others] = choices;
  if (!choice) yield [...taken];
  else for (const branch of choice) yield* expand(context, [branch], taken, others);
}

type Parts = { readonly all: readonly JsonSchema[]; readonly choices: readonly Choice[] };

const takeApart = (context: SchemaContext, schema: SchemaObject): Parts => {
  const { writer } = context;
  const { oneOf } = schema;
  if (Array.isArray(oneOf) && !isDisjoint(context, oneOf)) writer.leaveOut('oneOf');
  return {
    all: [
      ...follow(context, schema),
      ...listOf(schema.allOf),
      ...negated(context, schema),
      ...conditional(context, schema),
    ],
    choices: [...[schema.anyOf, oneOf].filter(Array.isArray), ...dependencies(context, schema)],
  };
};

const listOf = (value: unknown): readonly JsonSchema[] => (Array.isArray(value) ? value : []);

const follow = ({ document, writer }: SchemaContext, schema: SchemaObject): readonly JsonSchema[] => {
  if (typeof schema.$dynamicRef === 'string') writer.leaveOut('$dynamicRef');
  if (typeof schema.$ref !== 'string') return [];
  const target = document.resolve(schema.$ref, schema);
  if (target === undefined) writer.leaveOut('$ref');
  return target === undefined ? [] : [target];
};

const types = ['array', 'boolean', 'null', 'number', 'object', 'string'];

/** The little of `not` that can be said without it. */
const negated = ({ writer }: SchemaContext, { not }: SchemaObject): readonly JsonSchema[] => {
  if (not === undefined || not === false) return [];
  if (not === true) return [false];
  const { type, required, ...others } = not as SchemaObject;
  const keywords = Object.keys(others).length;
  if (type === undefined && required === undefined && keywords === 0) return [false];
  if (keywords === 0 && required === undefined && !listed(type).includes('integer')) {
    return [{ type: types.filter((name) => !listed(type).includes(name)) }];
  }
  if (keywords === 0 && (type === undefined || type === 'object') && Array.isArray(required) && required.length === 1) {
    const absent = { properties: { [required[0]]: false } };
    return type === undefined ? [{ ...absent, type: 'object' }] : [absent];
  }
  writer.leaveOut('not');
  return [];
};

const listed = (type: unknown): readonly unknown[] => (Array.isArray(type) ? type : [type]);

const conditional = ({ writer }: SchemaContext, schema: SchemaObject): readonly JsonSchema[] => {
  if (schema.if === undefined || (schema.then === undefined && schema.else === undefined)) return [];
  if (typeof schema.if === 'boolean') return [(schema.if ? schema.then : schema.else) as JsonSchema].filter(isSchema);
  writer.leaveOut('if');
  return [];
};

const isSchema = (value: unknown): value is JsonSchema => typeof value === 'boolean' || isSchemaObject(value);

/** What one property asks for: either it is absent, or the rest holds. */
const dependencies = ({ document, writer }: SchemaContext, schema: SchemaObject): readonly Choice[] => {
  const keywords = document.isDraft7 ? ['dependencies'] : ['dependentRequired', 'dependentSchemas'];
  return keywords.flatMap((keyword) => {
    const map = schema[keyword];
    const entries = isSchemaObject(map) ? Object.entries(map) : [];
    if (entries.length > mostDependencies) writer.leaveOut(keyword);
    return entries.length > mostDependencies ? [] : entries.map(toChoice);
  });
};

const mostDependencies = 5;

const toChoice = ([name, asked]: [string, unknown]): Choice => [
  { properties: { [name]: false } },
  { required: Array.isArray(asked) ? [name, ...asked] : [name], ...(!Array.isArray(asked) && { allOf: [asked] }) },
];
