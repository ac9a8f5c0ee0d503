import { CodeRanges } from '../grammar/code-ranges.ts';
import { type GrammarWriter, nothing, oneOf } from '../grammar-writer.ts';

/** Every character that a text can hold. */
export const everyCharacter: CodeRanges = CodeRanges.of([0xd800, 0xdfff]).complement();

/** The characters that stand in a JSON string as an escape, and only so. */
const escaped = CodeRanges.of([0, 0x1f]).union(CodeRanges.from('"\\'));

/** The name of a rule for one character of a JSON string among these. */
export const characterRule = (writer: GrammarWriter, codes: CodeRanges): string => {
  const plain = codes.intersect(everyCharacter).without(escaped);
  const escapes = codes.intersect(escaped);
  const options = [...(plain.isEmpty ? [] : [oneOf(plain)]), ...(escapes.isEmpty ? [] : [escapeOf(escapes)])];
  return writer.rule('character', options.length === 0 ? nothing : options.join(' | '));
};

/** Escapes with what they begin with put before all of them, so that there is one way only to go on. */
const escapeOf = (codes: CodeRanges): string => {
  const written = codes.ranges
    .flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => first + index))
    .map((code) => JSON.stringify(String.fromCharCode(code)).slice(2, -1));
  const among = (endings: readonly string[]) => oneOf(CodeRanges.from(endings.join('')));
  const short = written.filter((text) => text.length === 1);
  const long = ['u000', 'u001'].flatMap((head) => {
    const endings = written.filter((text) => text.startsWith(head)).map((text) => text.slice(head.length));
    return endings.length > 0 ? [`"${head.at(-1)}" ${among(endings)}`] : [];
  });
  const options = [
    ...(short.length > 0 ? [among(short)] : []),
    ...(long.length > 0 ? [`"u00" (${long.join(' | ')})`] : []),
  ];
  return `"\\\\" (${options.join(' | ')})`;
};
