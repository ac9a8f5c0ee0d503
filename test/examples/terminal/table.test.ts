import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../../examples/terminal/display-width.ts';
import { type Column, table } from '../../../examples/terminal/table.ts';

type Row = { readonly step: string; readonly count: number };

const columns: readonly Column<Row>[] = [
  { title: 'step', cell: ({ step }) => step },
  { title: 'tokens', cell: ({ count }) => String(count), right: true },
];

describe('table', () => {
  it('aligns texts left and numbers right', () => {
    const rows = [
      { step: 'find', count: 7 },
      { step: 'describe 日本', count: 1234 },
    ];
    expect(table(columns, rows)).toEqual(['step           tokens', 'find                7', 'describe 日本    1234']);
  });

  it('shows titles alone where there are no rows', () => {
    expect(table(columns, [])).toEqual(['step  tokens']);
  });

  it('crops texts where it is too wide', () => {
    const lines = table(columns, [{ step: 'a very long name of a step', count: 7 }], 20);
    expect(lines).toEqual(['step          tokens', 'a very long…       7']);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(20);
  });

  it('never crops numbers', () => {
    expect(table(columns, [{ step: 'a long name', count: 1234567 }], 5).at(-1)).toBe('a l…  1234567');
  });
});
