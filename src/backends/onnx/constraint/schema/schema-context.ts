import type { JsonSchema } from '../../../../runtime/json-schema.ts';
import type { GrammarWriter } from '../grammar-writer.ts';
import type { SchemaDocument } from './schema-document.ts';

/** What the parts of the translation need of one another. */
export interface SchemaContext {
  readonly document: SchemaDocument;
  readonly writer: GrammarWriter;
  /** The rule for a value that all these schemas allow; without any, for any value at all. */
  rule(schemas: readonly JsonSchema[], hint: string): string;
}
