import { bounds } from './bounds.ts';
import { characterRule, everyCharacter } from './character-rule.ts';
import { numberGrammar } from './number-grammar.ts';
import type { SchemaContext } from './schema-context.ts';
import { stringGrammar } from './string-grammar.ts';

/** The name of a rule for any value that holds others no deeper than `depth`. */
export const anyRule = (context: SchemaContext, depth: number = bounds.depth): string => {
  const { writer } = context;
  const string = writer.rule('string', stringGrammar(context, []));
  const number = writer.rule('number', numberGrammar(context, [], 'number'));
  const scalars = `${string} | ${number} | "true" | "false" | "null"`;
  if (depth === 0) return writer.rule('scalar', scalars);
  const inside = anyRule(context, depth - 1);
  const name = `"\\"" ${characterRule(writer, everyCharacter)}{0,${bounds.nameCharacters}} "\\""`;
  const property = writer.rule('property', `${name} ": " ${inside}`);
  const list = (item: string) => `(${item} (", " ${item}){0,${bounds.openItems - 1}})?`;
  return writer.rule('value', `${scalars} | "[" ${list(inside)} "]" | "{" ${list(property)} "}"`);
};
