import { crop, displayWidth } from './display-width.ts';

/** One column of a table. */
export type Column<Row> = {
  readonly title: string;
  readonly cell: (row: Row) => string;
  /** Numbers stand at the right of their column. */
  readonly right?: boolean;
};

const gap = '  ';

/**
 * The lines of a table, its titles first. Where it is wider than `columns`, the widest columns of text are cropped;
 * it stays wider where numbers alone do not fit.
 */
export const table = <Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width = Number.POSITIVE_INFINITY,
): readonly string[] => {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ cell }) => cell(row)))];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => displayWidth(line[index] ?? ''))));
  narrow(columns, widths, width - gap.length * (columns.length - 1));
  return cells.map((line) =>
    line
      .map((text, index) => pad(crop(text, widths[index] ?? 0), widths[index] ?? 0, columns[index]?.right))
      .join(gap)
      .trimEnd(),
  );
};

const narrow = <Row>(columns: readonly Column<Row>[], widths: number[], width: number): void => {
  const least = (index: number) => displayWidth(columns[index]?.title ?? '');
  const sum = () => widths.reduce((total, each) => total + each, 0);
  while (sum() > width) {
    const texts = columns.flatMap(({ right }, index) => (right ? [] : [index]));
    const widest = texts.reduce(
      (best, index) => ((widths[index] ?? 0) > (widths[best] ?? 0) ? index : best),
      texts[0] ?? 0,
    );
    const has = widths[widest] ?? 0;
    if (columns[widest]?.right || has <= least(widest)) return;
    widths[widest] = has - 1;
  }
};

const pad = (text: string, width: number, right = false): string => {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return right ? space + text : text + space;
};
