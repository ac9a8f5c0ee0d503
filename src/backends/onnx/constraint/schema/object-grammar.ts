import { literal, nothing } from '../grammar-writer.ts';
import { acceptsValue } from './accepts-value.ts';
import { bounds } from './bounds.ts';
import { numbersOf } from './numbers-of.ts';
import { otherProperty } from './other-property.ts';
import { mapOf, propertySchemas, requiredNames } from './property-schemas.ts';
import type { SchemaContext } from './schema-context.ts';
import type { SchemaObject } from './schema-document.ts';

/** A property that a schema declares or asks for. */
type Property = { readonly text: string; readonly required: boolean };

/** How many properties there are to be. */
type Counts = { readonly min: number; readonly max: number };

/**
 * The body of a rule for the objects that all these schemas allow. Properties stand in the order of the schema. Others
 * than the declared ones only stand there, behind them, where the schema says of what kind they are.
 */
export const objectGrammar = (context: SchemaContext, schemas: readonly SchemaObject[]): string => {
  const { writer } = context;
  if (schemas.some(({ unevaluatedProperties = true }) => unevaluatedProperties !== true)) {
    writer.leaveOut('unevaluatedProperties');
  }
  const required = requiredNames(schemas);
  const names = [...new Set([...schemas.flatMap((schema) => Object.keys(mapOf(schema, 'properties'))), ...required])];
  const other = otherProperty(context, schemas, names);
  const counts = countsOf(context, schemas, required.length, other !== undefined);
  const properties = names.map((name) => ({
    text: declared(context, schemas, name),
    required: required.includes(name),
  }));
  return `"{" ${new PropertyList(context, properties, other, counts).from(0, 0)} "}"`;
};

const declared = (context: SchemaContext, schemas: readonly SchemaObject[], name: string): string => {
  const namings = schemas.map(({ propertyNames = true }) => propertyNames as SchemaObject | boolean);
  const mayBeNamed = namings.every((naming) => acceptsValue(context.document, naming, name));
  if (!mayBeNamed) return nothing;
  return `${literal(`${JSON.stringify(name)}: `)} ${context.rule(propertySchemas(schemas, name), name)}`;
};

const countsOf = (
  { writer }: SchemaContext,
  schemas: readonly SchemaObject[],
  required: number,
  isOpen: boolean,
): Counts => {
  const min = Math.max(0, ...numbersOf(schemas, 'minProperties'));
  // A property that is written twice counts once, and only declared ones are known to be written once.
  if (isOpen && min > required + 1) writer.leaveOut('minProperties');
  return { min, max: Math.min(Number.POSITIVE_INFINITY, ...numbersOf(schemas, 'maxProperties')) };
};

/** Writes what may follow, property by property. */
class PropertyList {
  readonly #context: SchemaContext;
  readonly #properties: readonly Property[];
  readonly #other: string | undefined;
  readonly #counts: Counts;
  /** Up to where it matters how many there were: whether there were any matters always. */
  readonly #mostCounted: number;
  readonly #known = new Map<string, string>();

  constructor(context: SchemaContext, properties: readonly Property[], other: string | undefined, counts: Counts) {
    this.#context = context;
    this.#properties = properties;
    this.#other = other;
    this.#counts = counts;
    const isTight = counts.max < (other === undefined ? properties.length : Number.POSITIVE_INFINITY);
    this.#mostCounted = isTight ? counts.max : Math.max(counts.min, 1);
  }

  /** What may stand from a property on, where `count` properties stand before it. */
  from(index: number, count: number): string {
    const counted = Math.min(count, this.#mostCounted);
    const key = `${index},${counted}`;
    const known = this.#known.get(key) ?? this.#context.writer.rule('properties', this.#body(index, counted));
    this.#known.set(key, known);
    return known;
  }

  #body(index: number, count: number): string {
    const property = this.#properties[index];
    if (!property) return this.#others(count);
    const separator = count > 0 ? '", " ' : '';
    const written =
      count < this.#counts.max ? `${separator}${property.text} ${this.from(index + 1, count + 1)}` : nothing;
    return property.required ? written : `${written} | ${this.from(index + 1, count)}`;
  }

  #others(count: number): string {
    const need = Math.max(0, this.#counts.min - count);
    const most =
      this.#counts.max === Number.POSITIVE_INFINITY ? Math.max(need, bounds.properties) : this.#counts.max - count;
    if (this.#other === undefined || most <= 0) return need === 0 ? '""' : nothing;
    const more = (min: number, max: number) => `(", " ${this.#other}){${min},${max}}`;
    if (count > 0) return more(need, most);
    const all = `${this.#other} ${more(Math.max(0, need - 1), most - 1)}`;
    return need === 0 ? `(${all})?` : all;
  }
}
