import type { SchemaObject } from './schema-document.ts';

/** The numbers that these schemas give for a keyword. */
export const numbersOf = (schemas: readonly SchemaObject[], keyword: string): readonly number[] =>
  schemas.map((schema) => schema[keyword]).filter((value) => typeof value === 'number');
