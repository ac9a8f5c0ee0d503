import type { GrammarSource } from '../grammar-source.ts';
import { toolGrammar } from '../tools/tool-grammar.ts';
import { findDead } from './grammar/compile-grammar.ts';
import { type SchemaGrammar, schemaGrammar } from './schema-grammar.ts';

/**
 * Makes the grammar of a source. That of some schemas takes long.
 *
 * @throws RangeError where nothing satisfies a schema, where it refers to what is not there, or is too large.
 */
export const translate = (source: GrammarSource): SchemaGrammar => {
  if (source.type === 'schema') return schemaGrammar(source.schema);
  const grammar = toolGrammar(source.tools, source.format, source.required);
  return { grammar, dead: findDead(grammar), unenforced: [] };
};
