import { jsonText } from './json-text.ts';
import type { SchemaObject } from './schema-document.ts';

/** The values that all these schemas list with `const` and `enum`; `undefined` where none lists any. */
export const valuesOf = (schemas: readonly SchemaObject[]): readonly unknown[] | undefined => {
  const lists = schemas.flatMap((schema) => [
    ...('const' in schema ? [[schema.const]] : []),
    ...(Array.isArray(schema.enum) ? [schema.enum as readonly unknown[]] : []),
  ]);
  const [first, ...others] = lists;
  return first?.filter((value) => others.every((list) => list.some((other) => isSameValue(value, other))));
};

/** Whether two values are the same JSON, in whatever order their properties stand. */
export const isSameValue = (one: unknown, other: unknown): boolean => jsonText(sorted(one)) === jsonText(sorted(other));

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inside]) => [key, sorted(inside)]));
};
