/**
 * A JSON Schema: draft 2020-12, or draft-07 where its `$schema` says so.
 *
 * It is in one piece: a `$ref` leads to a part of it. Known formats are checked, unknown keywords mean nothing. It has at
 * most 256 kB of JSON, 2,000 objects, lists and booleans, and 100 levels. A `pattern` whose matching can take
 * exponential time, or time that grows as the fifth power of the text or more, is refused; of the others, the steeper
 * one is, the shorter is the text that it can check: 20,000 characters for squares, 900 for cubes, 200 for fourth powers.
 */
export type JsonSchema = boolean | { readonly [keyword: string]: unknown };
