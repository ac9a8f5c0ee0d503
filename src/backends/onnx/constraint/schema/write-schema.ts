import type { JsonSchema } from '../../../../runtime/json-schema.ts';
import { type GrammarWriter, literal, nothing } from '../grammar-writer.ts';
import { acceptsValue } from './accepts-value.ts';
import { anyRule } from './any-rule.ts';
import { arrayGrammar } from './array-grammar.ts';
import { bounds } from './bounds.ts';
import { type Alternative, expandSchemas } from './expand-schemas.ts';
import { jsonText } from './json-text.ts';
import { meaning } from './meaning.ts';
import { numberGrammar } from './number-grammar.ts';
import { objectGrammar } from './object-grammar.ts';
import type { SchemaContext } from './schema-context.ts';
import { isSchemaObject, SchemaDocument, type SchemaObject } from './schema-document.ts';
import { stringGrammar } from './string-grammar.ts';
import { typesOf, type ValueType } from './types-of.ts';
import { valuesOf } from './values-of.ts';

/**
 * Writes the rules for the JSON texts that a schema allows, and returns the name of the first. What a text looks like is
 * told by `jsonText`, what bounds it where the schema sets none by `bounds`; keywords that are not held are taken down
 * in `writer.unenforced`.
 *
 * @throws RangeError where the schema refers to what is not there, or is too large.
 */
export const writeSchema = (writer: GrammarWriter, schema: JsonSchema): string =>
  new SchemaWriter(writer, new SchemaDocument(schema)).rule([schema], 'value');

class SchemaWriter implements SchemaContext {
  readonly writer: GrammarWriter;
  readonly document: SchemaDocument;
  readonly #ids = new Map<SchemaObject, number>();
  readonly #rules = new Map<string, string>();
  readonly #open: string[] = [];
  #anyRule: string | undefined;

  constructor(writer: GrammarWriter, document: SchemaDocument) {
    this.writer = writer;
    this.document = document;
  }

  rule(schemas: readonly JsonSchema[], hint: string): string {
    const meant = schemas.map((schema) => meaning(this.document, schema));
    if (meant.includes(false)) return this.writer.rule('never', nothing);
    const objects = [...new Set(meant.filter(isSchemaObject))];
    if (objects.length === 0) return this.#any();
    const key = this.#keyOf(objects);
    // A schema within itself is written once for each depth, so that there is a deepest one.
    const depth = this.#open.filter((open) => open === key).length;
    if (depth > bounds.recursion) return this.writer.rule('never', nothing);
    return this.#rules.get(`${key}@${depth}`) ?? this.#write(objects, key, depth, hint);
  }

  #any(): string {
    this.#anyRule ??= anyRule(this);
    return this.#anyRule;
  }

  #write(schemas: readonly SchemaObject[], key: string, depth: number, hint: string): string {
    const name = this.writer.reserve(hint);
    this.#rules.set(`${key}@${depth}`, name);
    this.#open.push(key);
    const options = expandSchemas(this, schemas).flatMap((alternative) => this.#options(alternative));
    this.writer.define(name, options.length > 0 ? [...new Set(options)].join(' | ') : nothing);
    this.#open.pop();
    return name;
  }

  #options({ schemas, unheld }: Alternative): readonly string[] {
    const values = valuesOf(schemas);
    const left = values ? [...unheld.filter(isReference), ...unchecked(schemas)] : unheld;
    for (const keyword of left) this.writer.leaveOut(keyword);
    if (!values) return typesOf(schemas).map((type) => this.#body(type, schemas));
    return values
      .filter((value) => schemas.every((schema) => acceptsValue(this.document, schema, value)))
      .map((value) => literal(jsonText(value)));
  }

  #body(type: ValueType, schemas: readonly SchemaObject[]): string {
    switch (type) {
      case 'null':
        return '"null"';
      case 'boolean':
        return '"true" | "false"';
      case 'integer':
      case 'number':
        return numberGrammar(this, schemas, type);
      case 'string':
        return stringGrammar(this, schemas);
      case 'array':
        return arrayGrammar(this, schemas);
      case 'object':
        return objectGrammar(this, schemas);
    }
  }

  #keyOf(schemas: readonly SchemaObject[]): string {
    for (const schema of schemas) if (!this.#ids.has(schema)) this.#ids.set(schema, this.#ids.size);
    return schemas
      .map((schema) => this.#ids.get(schema))
      .sort()
      .join();
  }
}

const isReference = (keyword: string): boolean => keyword.startsWith('$');

const uncheckedKeywords = ['format', 'unevaluatedItems', 'unevaluatedProperties'];

/** The keywords that listed values were not checked against. */
const unchecked = (schemas: readonly SchemaObject[]): readonly string[] =>
  uncheckedKeywords.filter((keyword) => schemas.some((schema) => keyword in schema));
