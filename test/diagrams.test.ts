import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

const operators = readdirSync(new URL('../src/operators/', import.meta.url))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace('.ts', ''));

type Row = { readonly marbles: string; readonly column: number };

/** The rows of marbles in an operator's doc comment, and where each begins. */
const diagramOf = (operator: string): readonly Row[] => {
  const [, diagram = ''] = /```text\n([\s\S]*?)```/.exec(read(`src/operators/${operator}.ts`)) ?? [];
  return diagram
    .split('\n')
    .flatMap((line) => [...line.matchAll(/(?<=\s)[-\w()^!#|]*[-|][-\w()^!#|]*(?=\s|$)/g)])
    .map((match) => ({ marbles: match[0], column: match.index }));
};

/** Where a test has this row of marbles in quotes: at each place the column of its first frame. */
const columnsOf = (test: string, marbles: string): readonly number[] =>
  test.split('\n').flatMap((line) => {
    const column = line.indexOf(marbles);
    const before = line.slice(0, column).trimEnd();
    const after = line.slice(column + marbles.length).trimStart();
    return column > 0 && before.endsWith("'") && after.startsWith("'") ? [column] : [];
  });

describe('the diagrams in the doc comments', () => {
  it.each(operators.filter((operator) => diagramOf(operator).length > 0))(
    'of %s are those of its marble tests',
    (operator) => {
      const [first, ...others] = diagramOf(operator) as [Row, ...Row[]];
      const test = read(`test/operators/${operator}.test.ts`);
      const places = columnsOf(test, first.marbles);
      expect(places, first.marbles).not.toEqual([]);
      const shift = (row: Row) => columnsOf(test, row.marbles).map((column) => column - row.column);
      for (const row of others) expect(shift(row), row.marbles).toContain((places[0] ?? 0) - first.column);
    },
  );

  it('are there for every operator', () => {
    const without = operators.filter((operator) => diagramOf(operator).length === 0);
    expect(without).toEqual(['tool']);
    for (const operator of operators)
      expect(existsSync(new URL(`operators/${operator}.test.ts`, import.meta.url))).toBe(true);
  });
});
