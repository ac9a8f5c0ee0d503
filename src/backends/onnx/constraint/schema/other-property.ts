import type { JsonSchema } from '../../../../runtime/json-schema.ts';
import { literal } from '../grammar-writer.ts';
import { bounds } from './bounds.ts';
import { characterRule, everyCharacter } from './character-rule.ts';
import { numbersOf } from './numbers-of.ts';
import { anyLength, patternGrammar } from './pattern-grammar.ts';
import { mapOf } from './property-schemas.ts';
import type { SchemaContext } from './schema-context.ts';
import type { SchemaObject } from './schema-document.ts';
import { UnheldPattern } from './unheld-pattern.ts';

const mostPatterns = 2;
const onlyStrings: SchemaObject = { type: 'string' };

/**
 * The name of a rule for one property beside the declared ones, its name and its value; `undefined` where there is to be
 * none. Also where that is hard to say: fewer properties are never wrong.
 */
export const otherProperty = (
  context: SchemaContext,
  schemas: readonly SchemaObject[],
  names: readonly string[],
): string | undefined => {
  const patterns = [...new Set(schemas.flatMap((schema) => Object.keys(mapOf(schema, 'patternProperties'))))];
  if (patterns.length > mostPatterns) return undefined;
  const kinds = schemas.map(({ additionalProperties }) => additionalProperties).filter((kind) => kind !== undefined);
  const asked = Math.max(0, ...numbersOf(schemas, 'minProperties'));
  const isBare = patterns.length === 0 && (names.length === 0 || asked > names.length);
  const isOpen = kinds.length > 0 ? !kinds.includes(false) : isBare;
  const options = subsets(patterns)
    .filter((matched) => matched.length > 0 || isOpen)
    .flatMap((matched) => property(context, schemas, names, patterns, matched));
  return options.length > 0 ? context.writer.rule('property', options.join(' | ')) : undefined;
};

const subsets = ([first, ...others]: readonly string[]): readonly (readonly string[])[] => {
  if (first === undefined) return [[]];
  const without = subsets(others);
  return [...without, ...without.map((some) => [first, ...some])];
};

/** A property whose name matches some of the patterns and none of the others. */
const property = (
  context: SchemaContext,
  schemas: readonly SchemaObject[],
  names: readonly string[],
  patterns: readonly string[],
  matched: readonly string[],
): readonly string[] => {
  const values = schemas.flatMap((schema) => valuesOf(schema, matched));
  if (values.includes(false)) return [];
  try {
    const name = nameGrammar(context, schemas, matched, [
      ...patterns.filter((pattern) => !matched.includes(pattern)).map((pattern) => content(context, pattern)),
      ...names.map((taken) => literal(JSON.stringify(taken).slice(1, -1))),
    ]);
    return [`(${name}) ": " ${context.rule(values, 'value')}`];
  } catch (error) {
    if (error instanceof UnheldPattern) return [];
    throw error;
  }
};

const valuesOf = (schema: SchemaObject, matched: readonly string[]): readonly JsonSchema[] => {
  const inside = Object.entries(mapOf(schema, 'patternProperties')).filter(([pattern]) => matched.includes(pattern));
  if (inside.length > 0) return inside.map(([, value]) => value);
  return schema.additionalProperties === undefined ? [] : [schema.additionalProperties as JsonSchema];
};

/** A quoted name that matches all of the patterns and is none of those that are taken. */
const nameGrammar = (
  context: SchemaContext,
  schemas: readonly SchemaObject[],
  matched: readonly string[],
  taken: readonly string[],
): string => {
  const kinds = schemas.map(({ propertyNames }) => propertyNames as JsonSchema | undefined);
  const namings = kinds.filter((kind) => kind !== undefined);
  const short = `${characterRule(context.writer, everyCharacter)}{0,${bounds.nameCharacters}}`;
  const except = taken.length > 0 ? ` - (${taken.join(' | ')})` : '';
  // What comes out empty does so soonest where nothing is counted.
  const fitting = matched.map((pattern) => content(context, pattern)).join(' & ');
  const left = matched.length > 0 ? `((${fitting})${except}) & ${short}` : `${short}${except}`;
  const quoted = `"\\"" (${left}) "\\""`;
  return namings.length > 0 ? `(${quoted}) & ${context.rule([...namings, onlyStrings], 'name')}` : quoted;
};

const content = ({ writer }: SchemaContext, pattern: string): string =>
  `(${patternGrammar(writer, pattern, anyLength, true)})`;
