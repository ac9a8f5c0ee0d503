import { nothing } from '../grammar-writer.ts';
import { bounds } from './bounds.ts';
import { characterRule, everyCharacter } from './character-rule.ts';
import { numbersOf } from './numbers-of.ts';
import { anyLength, type Lengths, patternGrammar } from './pattern-grammar.ts';
import type { SchemaContext } from './schema-context.ts';
import type { SchemaObject } from './schema-document.ts';
import { checkedFormats, stringFormats } from './string-formats.ts';
import { UnheldPattern } from './unheld-pattern.ts';

type Pattern = { readonly keyword: string; readonly source: string; readonly maxLength?: number };

/** The body of a rule for the strings that all these schemas allow. */
export const stringGrammar = (context: SchemaContext, schemas: readonly SchemaObject[]): string => {
  const { writer } = context;
  const patterns = [...patternsOf(schemas), ...formatsOf(context, schemas)];
  const own = mostOf([...numbersOf(schemas, 'maxLength'), ...patterns.map(({ maxLength }) => maxLength)]);
  const min = Math.max(0, ...numbersOf(schemas, 'minLength'));
  const lengths = { min, max: own ?? min + bounds.characters };
  if (lengths.max < min) return nothing;
  const characters = `${characterRule(writer, everyCharacter)}{${min},${lengths.max}}`;
  const held = patterns.flatMap((pattern) =>
    patterns.length === 1
      ? hold(context, pattern, lengths, own !== undefined)
      : hold(context, pattern, anyLength, true),
  );
  const content = held.length === 1 && patterns.length === 1 ? held[0] : [...held, characters].join(' & ');
  return `"\\"" (${content}) "\\""`;
};

const hold = ({ writer }: SchemaContext, pattern: Pattern, lengths: Lengths, exact: boolean): readonly string[] => {
  try {
    return [`(${patternGrammar(writer, pattern.source, lengths, exact)})`];
  } catch (error) {
    if (!(error instanceof UnheldPattern)) throw error;
    writer.leaveOut(pattern.keyword);
    return [];
  }
};

const patternsOf = (schemas: readonly SchemaObject[]): readonly Pattern[] => {
  const sources = schemas.map(({ pattern }) => pattern).filter((source) => typeof source === 'string');
  return [...new Set(sources)].map((source) => ({ keyword: 'pattern', source }));
};

const formatsOf = ({ writer }: SchemaContext, schemas: readonly SchemaObject[]): readonly Pattern[] => {
  const names = new Set(schemas.map(({ format }) => format).filter((format) => typeof format === 'string'));
  return [...names].flatMap((name) => {
    const format = Object.hasOwn(stringFormats, name) ? stringFormats[name] : undefined;
    if (checkedFormats.includes(name)) writer.leaveOut('format');
    return format ? [{ keyword: 'format', ...format }] : [];
  });
};

const mostOf = (limits: readonly (number | undefined)[]): number | undefined => {
  const known = limits.filter((limit) => limit !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
};
