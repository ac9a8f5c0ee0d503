import { type Figures, showDuration, showRate } from './figures.ts';
import { type Column, table } from './table.ts';

type Row = Figures & { readonly example: string };

const columns: readonly Column<Row>[] = [
  { title: 'example', cell: ({ example }) => example },
  { title: 'step', cell: ({ step }) => step },
  { title: 'model', cell: ({ model }) => model },
  { title: 'tokens in', cell: ({ input }) => String(input), right: true },
  { title: 'out', cell: ({ output }) => String(output), right: true },
  { title: 'first token', cell: ({ firstToken }) => showDuration(firstToken), right: true },
  { title: 'tokens/s', cell: ({ rate }) => showRate(rate), right: true },
  { title: 'schema', cell: ({ constraint }) => (constraint === 'none' ? '–' : constraint) },
];

/** A table of what every request of a tour cost, in lines of at most `width` columns where that can be. */
export const figuresTable = (rows: readonly Row[], width?: number): readonly string[] => table(columns, rows, width);
