import type { SchemaIssue } from '../schema-error.ts';

/** What a check against a schema found. */
export type Validation<T> =
  | {
      readonly valid: true;
      /** What a schema with transformations made of the value; else the value itself. */
      readonly value: T;
    }
  | { readonly valid: false; readonly issues: readonly SchemaIssue[] };
