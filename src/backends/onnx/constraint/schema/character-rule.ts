import { CodeRanges } from '../grammar/code-ranges.ts';
import { type GrammarWriter, literal, nothing, oneOf } from '../grammar-writer.ts';

/** Every character that a text can hold. */
export const everyCharacter: CodeRanges = CodeRanges.of([0xd800, 0xdfff]).complement();

/** The characters that stand in a JSON string as an escape, and only so. */
const escaped = CodeRanges.of([0, 0x1f]).union(CodeRanges.from('"\\'));

/** The name of a rule for one character of a JSON string among these. */
export const characterRule = (writer: GrammarWriter, codes: CodeRanges): string => {
  const plain = codes.intersect(everyCharacter).without(escaped);
  const escapes = codes
    .intersect(escaped)
    .ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => first + index))
    .map((code) => literal(JSON.stringify(String.fromCharCode(code)).slice(1, -1)));
  const options = [...(plain.isEmpty ? [] : [oneOf(plain)]), ...escapes];
  return writer.rule('character', options.length === 0 ? nothing : options.join(' | '));
};
