const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const ascii = /^[\u0020-\u007e]*$/;
const wide =
  /\p{Emoji_Presentation}|\ufe0f|[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;
const empty = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;

/** The characters of a text as a reader counts them: an accent stays with its letter. */
export const characters = (text: string): readonly string[] =>
  ascii.test(text) ? [...text] : Array.from(segmenter.segment(text), ({ segment }) => segment);

const widthOf = (character: string): number => (empty.test(character) ? 0 : wide.test(character) ? 2 : 1);

/** How many columns of a terminal a text without line breaks takes. */
export const displayWidth = (text: string): number =>
  ascii.test(text) ? text.length : characters(text).reduce((width, character) => width + widthOf(character), 0);

/** The longest beginning of a text that fits into so many columns. */
export const fitting = (text: string, columns: number): string => {
  if (displayWidth(text) <= columns) return text;
  let kept = '';
  let width = 0;
  for (const character of characters(text)) {
    width += widthOf(character);
    if (width > columns) break;
    kept += character;
  }
  return kept;
};

/** A text in at most so many columns, with `…` where it is cut. */
export const crop = (text: string, columns: number): string =>
  displayWidth(text) <= columns ? text : `${fitting(text, Math.max(0, columns - 1))}…`;
