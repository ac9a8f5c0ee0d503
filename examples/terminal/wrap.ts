import { characters, displayWidth, fitting } from './display-width.ts';

/** Breaks a text into lines of at most so many columns, at spaces where there are any. */
export const wrap = (text: string, columns: number): readonly string[] =>
  text.split('\n').flatMap((line) => wrapLine(line, Math.max(1, columns)));

const wrapLine = (line: string, columns: number): readonly string[] => {
  const lines: string[] = [];
  let open = '';
  for (const word of line.match(/\s*\S+|\s+$/g) ?? []) {
    if (displayWidth(open + word) <= columns) {
      open += word;
      continue;
    }
    if (open !== '') lines.push(open);
    open = open === '' && lines.length === 0 ? word : word.trimStart();
    for (let piece = cut(open, columns); piece !== open; piece = cut(open, columns)) {
      lines.push(piece);
      open = open.slice(piece.length);
    }
  }
  return open === '' && lines.length > 0 ? lines : [...lines, open];
};

/** As much of a word as fits, and never nothing. */
const cut = (word: string, columns: number): string => fitting(word, columns) || (characters(word)[0] ?? '');
