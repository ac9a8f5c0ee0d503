/**
 * The type of the values that match a schema.
 *
 * Of a JSON Schema, where it is written in place or `as const`: `type`, `const`, `enum`, objects, arrays, tuples,
 * `anyOf`, `oneOf`, `allOf` and `$ref` into the schema itself. What a type cannot say, such as a bound, is left to
 * validation; an object or an array needs its `type`, or everything else matches too. A schema whose type is only
 * {@link JsonSchema} gives `unknown`.
 *
 * Of a Standard Schema, what it makes of a value.
 */
export type FromSchema<S> = S extends { readonly '~standard': { readonly types?: infer Types } }
  ? NonNullable<Types> extends { readonly output: infer Output }
    ? Output
    : unknown
  : FromJson<S, S, unknown>;

/** `Kind` is the `type` of the schema around, which holds for its alternatives too. */
type FromJson<S, Root, Kind> = S extends boolean
  ? S extends false
    ? never
    : unknown
  : string extends keyof S
    ? unknown
    : [KindOf<S, Kind>, S] extends ['object', Combining]
      ? Joined<All<S, Root, KindOf<S, Kind>>>
      : All<S, Root, KindOf<S, Kind>>;

/** Alternatives and parts get the `type` around them, and so need not be held to being any object as well. */
type Combining =
  | { readonly allOf: unknown }
  | { readonly anyOf: unknown }
  | { readonly oneOf: unknown }
  | { readonly $ref: unknown };

/** One flat object; what is optional in one part and required in another is there. */
type Joined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

type All<S, Root, Kind> = Own<S, Root, Kind> &
  Referred<S, Root, Kind> &
  (S extends { readonly allOf: infer Schemas } ? Every<Schemas, Root, Kind> : unknown) &
  (S extends { readonly anyOf: infer Schemas } ? Some<Schemas, Root, Kind> : unknown) &
  (S extends { readonly oneOf: infer Schemas } ? Some<Schemas, Root, Kind> : unknown);

type KindOf<S, Kind> = S extends { readonly type: infer Type } ? (Type extends readonly (infer T)[] ? T : Type) : Kind;

type Some<Schemas, Root, Kind> = Schemas extends readonly (infer S)[] ? FromJson<S, Root, Kind> : unknown;

type Every<Schemas, Root, Kind> = Schemas extends readonly [infer First, ...infer Others]
  ? FromJson<First, Root, Kind> & Every<Others, Root, Kind>
  : unknown;

type Own<S, Root, Kind> =
  | (S extends { readonly const: infer Constant }
      ? Fresh<Constant>
      : S extends { readonly enum: readonly (infer Constant)[] }
        ? Fresh<Constant>
        : OfKind<S, Root, Kind>)
  | (S extends { readonly nullable: true } ? null : never);

type Fresh<T> = T extends object ? { -readonly [K in keyof T]: Fresh<T[K]> } : T;

type OfKind<S, Root, Kind> = unknown extends Kind
  ? unknown
  : Kind extends keyof Plain
    ? Plain[Kind]
    : Kind extends 'array'
      ? FromArray<S, Root>
      : Kind extends 'object'
        ? FromObject<S, Root>
        : unknown;

type Plain = { string: string; number: number; integer: number; boolean: boolean; null: null };

type FromArray<S, Root> = S extends { readonly prefixItems: infer First }
  ? Tuple<First, S extends { readonly items: infer Items } ? Items : true, S, Root>
  : S extends { readonly items: infer Items }
    ? Items extends readonly unknown[]
      ? Tuple<Items, S extends { readonly additionalItems: infer More } ? More : true, S, Root>
      : FromJson<Items, Root, unknown>[]
    : unknown[];

type Tuple<First, More, S, Root> = First extends readonly unknown[]
  ? [
      ...Leading<First, S extends { readonly minItems: infer Count } ? Count : 0, Root>,
      ...(More extends false ? [] : FromJson<More, Root, unknown>[]),
    ]
  : unknown[];

/** As many as `minItems` are there for certain. */
type Leading<
  First extends readonly unknown[],
  Count,
  Root,
  Certain extends unknown[] = [],
> = Certain['length'] extends Count
  ? [...Certain, ...Partial<{ -readonly [K in keyof First]: FromJson<First[K], Root, unknown> }>]
  : First extends readonly [infer Item, ...infer Others]
    ? Leading<Others, Count, Root, [...Certain, FromJson<Item, Root, unknown>]>
    : Certain;

type FromObject<S, Root> = S extends { readonly properties: infer Properties }
  ? S extends { readonly additionalProperties: infer More extends object }
    ? Known<Properties, RequiredOf<S>, Root> & {
        [key: string]: FromJson<Properties[keyof Properties] | More, Root, unknown> | Matched<S, Root> | undefined;
      }
    : Known<Properties, RequiredOf<S>, Root>
  : [RequiredOf<S>] extends [never]
    ? [S, keyof S & Extra] extends [Combining, never]
      ? unknown
      : { [key: string]: Others<S, Root> }
    : keyof S & Extra extends never
      ? { [K in RequiredOf<S>]: unknown }
      : { [K in RequiredOf<S>]: Others<S, Root> } & { [key: string]: Others<S, Root> };

type Extra = 'additionalProperties' | 'patternProperties';

type RequiredOf<S> = S extends { readonly required: readonly (infer Key extends string)[] }
  ? string extends Key
    ? never
    : Key
  : never;

type Known<Properties, Key extends string, Root> = Flat<
  { -readonly [K in keyof Properties as K extends Key ? K : never]: FromJson<Properties[K], Root, unknown> } & {
    -readonly [K in keyof Properties as K extends Key ? never : K]?: FromJson<Properties[K], Root, unknown>;
  } & { [K in Exclude<Key, keyof Properties>]: unknown }
>;

type Flat<T> = { [K in keyof T]: T[K] };

type Others<S, Root> =
  | (S extends { readonly additionalProperties: infer More } ? FromJson<More, Root, unknown> : unknown)
  | Matched<S, Root>;

type Matched<S, Root> = S extends { readonly patternProperties: infer Patterns }
  ? FromJson<Patterns[keyof Patterns], Root, unknown>
  : never;

type Referred<S, Root, Kind> = S extends { readonly $ref: infer Reference }
  ? Reference extends '#'
    ? FromJson<Root, Root, Kind>
    : Reference extends `#/${infer Path}`
      ? FromJson<At<Root, Path>, Root, Kind>
      : unknown
  : unknown;

type At<T, Path> = Path extends `${infer Key}/${infer Rest}`
  ? Key extends keyof T
    ? At<T[Key], Rest>
    : true
  : Path extends keyof T
    ? T[Path]
    : true;
