import type { JsonSchema } from '../../../../runtime/json-schema.ts';
import { bounds } from './bounds.ts';
import { isDisjoint } from './is-disjoint.ts';
import { mapOf } from './property-schemas.ts';
import type { SchemaContext } from './schema-context.ts';
import { isSchemaObject, type SchemaObject } from './schema-document.ts';

/** Schemas that hold all at once, by their own keywords: those that combine schemas are resolved. */
export type Alternative = {
  readonly schemas: readonly SchemaObject[];
  /** The keywords that combine schemas and could not be resolved. */
  readonly unheld: readonly string[];
};

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
  const keyOf = ({ schemas }: Alternative) => {
    for (const schema of schemas) if (!ids.has(schema)) ids.set(schema, ids.size);
    return schemas
      .map((schema) => ids.get(schema))
      .sort()
      .join();
  };
  let count = 0;
  for (const alternative of expand(context, schemas, new Map(), [])) {
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
  before: ReadonlyMap<SchemaObject, readonly string[]>,
  open: readonly Choice[],
): Generator<Alternative> {
  const taken = new Map(before);
  const queue = [...schemas];
  const choices = [...open];
  for (let schema = queue.shift(); schema !== undefined; schema = queue.shift()) {
    if (schema === false) return;
    if (!isSchemaObject(schema) || taken.has(schema)) continue;
    const parts = takeApart(context, schema);
    taken.set(schema, parts.unheld);
    queue.push(...parts.all);
    choices.push(...parts.choices);
  }
  const [choice, ...others] = choices;
  if (!choice) yield { schemas: [...taken.keys()], unheld: [...taken.values()].flat() };
  else for (const branch of choice) yield* expand(context, [branch], taken, others);
}

type Parts = {
  readonly all: readonly JsonSchema[];
  readonly choices: readonly Choice[];
  readonly unheld: readonly string[];
};

const takeApart = (context: SchemaContext, schema: SchemaObject): Parts => {
  const parts = [follow, joined, oneOf, negated, conditional, dependent].map((part) => part(schema, context));
  return {
    all: parts.flatMap(({ all = [] }) => all),
    choices: parts.flatMap(({ choices = [] }) => choices),
    unheld: parts.flatMap(({ unheld = [] }) => unheld),
  };
};

type Part = (schema: SchemaObject, context: SchemaContext) => Partial<Parts>;

const follow: Part = (schema, { document }) => {
  if (typeof schema.$dynamicRef === 'string') return { unheld: ['$dynamicRef'] };
  if (typeof schema.$ref !== 'string') return {};
  const target = document.resolve(schema.$ref, schema);
  return target === undefined ? { unheld: ['$ref'] } : { all: [target] };
};

const joined: Part = ({ allOf, anyOf }) => ({
  all: Array.isArray(allOf) ? allOf : [],
  choices: Array.isArray(anyOf) ? [anyOf] : [],
});

const oneOf: Part = (schema, { document }) => {
  if (!Array.isArray(schema.oneOf)) return {};
  return { choices: [schema.oneOf], unheld: isDisjoint(document, schema.oneOf, schema.type) ? [] : ['oneOf'] };
};

const types = ['array', 'boolean', 'null', 'number', 'object', 'string'];

/** The little of `not` that can be said without it. */
const negated: Part = ({ not }) => {
  if (not === undefined || not === false) return {};
  if (not === true) return { all: [false] };
  const { type, required, ...others } = not as SchemaObject;
  if (Object.keys(others).length > 0) return { unheld: ['not'] };
  if (type === undefined && required === undefined) return { all: [false] };
  const named = [type].flat();
  if (required === undefined && !named.includes('integer')) {
    return { all: [{ type: types.filter((name) => !named.includes(name)) }] };
  }
  const [name, ...more] = Array.isArray(required) ? required : [];
  if (name === undefined || more.length > 0 || (type !== undefined && type !== 'object')) return { unheld: ['not'] };
  return { all: [{ properties: { [name]: false }, ...(type === undefined && { type: 'object' }) }] };
};

const conditional: Part = (schema) => {
  if (schema.if === undefined || (schema.then === undefined && schema.else === undefined)) return {};
  if (typeof schema.if !== 'boolean') return { unheld: ['if'] };
  const { [schema.if ? 'then' : 'else']: next = true } = schema;
  return { all: [next as JsonSchema] };
};

/** What one property asks for: either it is absent, or the rest holds. */
const dependent: Part = (schema, { document }) => {
  const keywords = document.isDraft7 ? ['dependencies'] : ['dependentRequired', 'dependentSchemas'];
  const maps = keywords.map((keyword) => ({ keyword, entries: Object.entries(mapOf(schema, keyword)) }));
  return {
    choices: maps.flatMap(({ entries }) => (entries.length > mostDependencies ? [] : entries.map(toChoice))),
    unheld: maps.filter(({ entries }) => entries.length > mostDependencies).map(({ keyword }) => keyword),
  };
};

const mostDependencies = 5;

const toChoice = ([name, asked]: [string, unknown]): Choice => [
  { properties: { [name]: false } },
  { required: Array.isArray(asked) ? [name, ...asked] : [name], ...(!Array.isArray(asked) && { allOf: [asked] }) },
];
