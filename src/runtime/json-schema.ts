/** A JSON Schema: draft 2020-12, or draft-07 where its `$schema` says so. */
export type JsonSchema = boolean | { readonly [keyword: string]: unknown };
