import type { JsonSchema } from '../../../runtime/json-schema.ts';
import { Recent } from '../recent.ts';
import { compileGrammar, findDead } from './grammar/compile-grammar.ts';
import { GrammarWriter } from './grammar-writer.ts';
import { writeSchema } from './schema/write-schema.ts';

/** A schema as a grammar of the JSON texts that it allows. */
export type SchemaGrammar = {
  /** In the EBNF that `parseGrammar` reads; a text is whole when it fits `root`. */
  readonly grammar: string;
  /** What `findDead` gives for it. */
  readonly dead: readonly number[];
  /** The schema's keywords that the grammar does not hold. Where there are none, every whole text satisfies the schema. */
  readonly unenforced: readonly string[];
};

/** The latest ones by the text of their schema. */
const known = new Recent<SchemaGrammar>(64);

/**
 * Translates a JSON Schema into a grammar. One that was translated before costs next to nothing, as long as it is among
 * the latest 64.
 *
 * @throws RangeError where no value satisfies the schema, where it refers to what is not there, or is too large.
 */
export const schemaGrammar = (schema: JsonSchema): SchemaGrammar =>
  known.get(JSON.stringify(schema), () => translate(schema));

const translate = (schema: JsonSchema): SchemaGrammar => {
  const writer = new GrammarWriter();
  const grammar = writer.write(writeWhole(writer, schema));
  const dead = findDead(grammar);
  if (compileGrammar(grammar, dead).start() === null) {
    throw new RangeError('Expected a schema that some value satisfies, received one that none does');
  }
  return { grammar, dead, unenforced: writer.unenforced };
};

const writeWhole = (writer: GrammarWriter, schema: JsonSchema): string => {
  try {
    return writeSchema(writer, schema);
  } catch (cause) {
    if (!(cause instanceof RangeError) || cause.message.startsWith('Expected')) throw cause;
    const message = 'Expected a schema that does not refer to itself for the same value, and is not so deep';
    throw new RangeError(message, { cause });
  }
};
