import type { JsonSchema } from '../../../../runtime/json-schema.ts';

export type SchemaObject = Extract<JsonSchema, object>;

const single = ['additionalItems', 'additionalProperties', 'contains', 'contentSchema', 'else', 'if', 'items', 'not'];
const more = ['propertyNames', 'then', 'unevaluatedItems', 'unevaluatedProperties'];
const lists = ['allOf', 'anyOf', 'items', 'oneOf', 'prefixItems'];
const maps = ['$defs', 'definitions', 'dependencies', 'dependentSchemas', 'patternProperties', 'properties'];

/** A whole schema: its draft, and where its references lead. */
export class SchemaDocument {
  readonly root: JsonSchema;
  /** Whether it is of draft-07 and not of 2020-12. */
  readonly isDraft7: boolean;
  readonly #bases = new Map<SchemaObject, string>();
  readonly #places = new Map<string, SchemaObject>();

  constructor(root: JsonSchema) {
    this.root = root;
    this.isDraft7 = isSchemaObject(root) && /draft-0[67]/.test(String(root.$schema));
    if (isSchemaObject(root)) {
      this.#places.set(outermost, root);
      this.#index(root, outermost);
    }
  }

  /**
   * The schema that a reference leads to; `undefined` where that is not part of this document.
   *
   * @throws RangeError where it should be part of it, and is not.
   */
  resolve(reference: string, from: SchemaObject): JsonSchema | undefined {
    const url = join(reference, this.#bases.get(from) ?? outermost);
    const [place = '', fragment = ''] = url.split('#');
    const resource = this.#places.get(place);
    if (!resource) return undefined;
    if (fragment === '') return resource;
    const found = fragment.startsWith('/') ? follow(resource, fragment) : this.#places.get(url);
    if (found === undefined) {
      throw new RangeError(`Expected \`$ref\` to lead to a part of the schema, received ${JSON.stringify(reference)}`);
    }
    return found;
  }

  #index(schema: SchemaObject, around: string): void {
    if (this.#bases.has(schema)) return;
    const base = this.#enter(schema, around);
    this.#bases.set(schema, base);
    for (const inside of subschemas(schema)) this.#index(inside, base);
  }

  /** Takes down the names of a schema, and returns what its references are relative to. */
  #enter(schema: SchemaObject, around: string): string {
    // In draft-07 a reference hides what stands beside it; that it hides names is all that matters here.
    if (this.isDraft7 && typeof schema.$ref === 'string') return around;
    const { $id, $anchor, $dynamicAnchor } = schema;
    const url = typeof $id === 'string' ? join($id, around) : around;
    const [base = '', anchor = ''] = url.split('#');
    if (base !== around) this.#places.set(base, schema);
    if (anchor !== '') this.#places.set(url, schema);
    for (const name of [$anchor, $dynamicAnchor])
      if (typeof name === 'string') this.#places.set(`${base}#${name}`, schema);
    return base;
  }
}

export const isSchemaObject = (schema: unknown): schema is SchemaObject =>
  typeof schema === 'object' && schema !== null && !Array.isArray(schema);

const outermost = 'schema:///';

const join = (reference: string, base: string): string =>
  URL.canParse(reference, base) ? new URL(reference, base).href : reference;

const subschemas = (schema: SchemaObject): readonly SchemaObject[] =>
  [
    ...[...single, ...more].map((keyword) => schema[keyword]),
    ...lists.flatMap((keyword) => (Array.isArray(schema[keyword]) ? schema[keyword] : [])),
    ...maps.flatMap((keyword) => (isSchemaObject(schema[keyword]) ? Object.values(schema[keyword]) : [])),
  ].filter(isSchemaObject);

const follow = (from: JsonSchema, pointer: string): JsonSchema | undefined => {
  let place: unknown = from;
  for (const step of pointer.slice(1).split('/')) {
    const key = decode(step).replaceAll('~1', '/').replaceAll('~0', '~');
    place =
      typeof place === 'object' && place !== null && Object.hasOwn(place, key)
        ? (place as Record<string, unknown>)[key]
        : undefined;
  }
  return typeof place === 'boolean' || isSchemaObject(place) ? place : undefined;
};

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
