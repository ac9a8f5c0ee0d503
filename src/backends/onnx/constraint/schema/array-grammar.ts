import type { JsonSchema } from '../../../../runtime/json-schema.ts';
import { nothing } from '../grammar-writer.ts';
import { bounds } from './bounds.ts';
import { numbersOf } from './numbers-of.ts';
import type { SchemaContext } from './schema-context.ts';
import type { SchemaObject } from './schema-document.ts';

/**
 * The body of a rule for the arrays that all these schemas allow. Behind `prefixItems` there is nothing more unless the
 * schema says of what kind.
 */
export const arrayGrammar = (context: SchemaContext, schemas: readonly SchemaObject[]): string => {
  const lists = schemas.map(toList);
  const prefix = Math.max(0, ...lists.map((list) => list.prefix.length));
  const min = Math.max(0, ...numbersOf(schemas, 'minItems'));
  const isOpen = prefix === 0 || lists.some(({ rest }) => rest !== undefined && rest !== false);
  const most = Math.max(min, prefix) + (isOpen ? bounds.items : 0);
  const max = Math.min(most, ...numbersOf(schemas, 'maxItems'));
  leaveOut(context, schemas, max);
  if (max < min) return nothing;

  const item = (index: number) => context.rule(itemSchemas(lists, index), 'item');
  const rest = max > prefix ? [`(", " ${item(prefix)}){${Math.max(0, min - prefix)},${max - prefix}}`] : [];
  const first = (index: number): string => {
    const next = index + 1 < Math.min(prefix, max) ? `", " ${first(index + 1)}` : rest.join('');
    return `${item(index)}${optional(next, index + 1 >= min)}`;
  };
  if (max === 0) return '"[]"';
  const inside = prefix > 0 ? first(0) : `${item(0)} (", " ${item(0)}){${Math.max(0, min - 1)},${max - 1}}`;
  return `"[" ${optional(inside, min === 0)} "]"`;
};

const optional = (text: string, mayBeLeftOut: boolean): string => {
  if (text === '') return '';
  return mayBeLeftOut ? ` (${text})?` : ` ${text}`;
};

type List = { readonly prefix: readonly JsonSchema[]; readonly rest: JsonSchema | undefined };

/** The keywords of both drafts, brought together. */
const toList = ({ prefixItems, items, additionalItems }: SchemaObject): List => {
  if (Array.isArray(items)) return { prefix: items, rest: additionalItems as JsonSchema | undefined };
  return { prefix: Array.isArray(prefixItems) ? prefixItems : [], rest: items as JsonSchema | undefined };
};

const itemSchemas = (lists: readonly List[], index: number): readonly JsonSchema[] =>
  lists
    .map(({ prefix, rest }) => (index < prefix.length ? prefix[index] : rest))
    .filter((schema) => schema !== undefined);

const leaveOut = ({ writer }: SchemaContext, schemas: readonly SchemaObject[], max: number): void => {
  for (const schema of schemas) {
    if (schema.uniqueItems === true && max > 1) writer.leaveOut('uniqueItems');
    if ('unevaluatedItems' in schema) writer.leaveOut('unevaluatedItems');
    if (!('contains' in schema)) continue;
    const { minContains = 1, maxContains } = schema;
    if (minContains !== 0 || maxContains !== undefined) writer.leaveOut('contains');
  }
};
