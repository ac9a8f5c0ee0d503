import type { JsonSchema } from '../../../../runtime/json-schema.ts';
import { isSchemaObject, type SchemaDocument, type SchemaObject } from './schema-document.ts';

const silent = new Set([
  '$anchor',
  '$comment',
  '$defs',
  '$dynamicAnchor',
  '$id',
  '$schema',
  '$vocabulary',
  'contentEncoding',
  'contentMediaType',
  'contentSchema',
  'default',
  'definitions',
  'deprecated',
  'description',
  'examples',
  'readOnly',
  'title',
  'writeOnly',
]);

/**
 * The schema that is meant by one that only describes or refers to another: `true` where it asks for nothing. So the
 * same schema is known as such wherever it stands.
 */
export const meaning = (document: SchemaDocument, schema: JsonSchema): JsonSchema => {
  let meant = schema;
  for (const seen = new Set<SchemaObject>(); isSchemaObject(meant) && !seen.has(meant); ) {
    seen.add(meant);
    const keywords = Object.keys(meant).filter((keyword) => !silent.has(keyword));
    if (keywords.length === 0) return true;
    if (keywords.length > 1 || typeof meant.$ref !== 'string') return meant;
    meant = document.resolve(meant.$ref, meant) ?? meant;
  }
  return meant;
};
