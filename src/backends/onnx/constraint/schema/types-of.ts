import type { SchemaObject } from './schema-document.ts';

/** The kinds of JSON values, where integers are a kind of their own beside the numbers. */
export type ValueType = 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object';

const all: readonly ValueType[] = ['object', 'array', 'string', 'number', 'boolean', 'null'];

/** The types that all these schemas allow. */
export const typesOf = (schemas: readonly SchemaObject[]): readonly ValueType[] => {
  let types = all;
  for (const { type } of schemas) {
    if (type === undefined) continue;
    const allowed = (Array.isArray(type) ? type : [type]) as readonly ValueType[];
    types = types.flatMap((known) => narrow(known, allowed));
  }
  return types;
};

const narrow = (known: ValueType, allowed: readonly ValueType[]): readonly ValueType[] => {
  if (allowed.includes(known) || (known === 'integer' && allowed.includes('number'))) return [known];
  return known === 'number' && allowed.includes('integer') ? ['integer'] : [];
};
