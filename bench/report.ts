/** One figure of ours beside one of a peer's, measured in the same run. */
export type Row = {
  readonly bench: string;
  readonly case: string;
  readonly ours: number;
  readonly peer: number | null;
  readonly peerName: string | null;
  /** `ours / peer`; nothing where the peer has 0. */
  readonly ratio: number | null;
  readonly unit: string;
};

/** What a figure has to reach, shown to people beside it. */
export type Bar = { readonly of: 'ours' | 'ratio'; readonly sign: '≤' | '≥'; readonly value: number };

/** A figure that must not be above `value`. */
export const atMost = (value: number, of: Bar['of']): Bar => ({ of, sign: '≤', value });

/** A figure that must not be below `value`. */
export const atLeast = (value: number, of: Bar['of']): Bar => ({ of, sign: '≥', value });

/** Takes the rows of a bench, and prints them as they come. */
export type Report = (row: Omit<Row, 'ratio'> & { readonly bar?: Bar }) => void;

/** Three digits, and all of those before the point. */
const shown = (value: number): string => {
  if (value === 0) return '0';
  return Math.abs(value) < 1000 ? value.toPrecision(3) : value.toFixed(0);
};

/** Makes a report: a table for people, or one JSON object a line. */
export const makeReport =
  (json: boolean): Report =>
  ({ bar, ...figures }) => {
    const row: Row = { ...figures, ratio: figures.peer ? figures.ours / figures.peer : null };
    console.log(json ? JSON.stringify(row) : table(row, bar));
  };

const table = (row: Row, bar: Bar | undefined): string => {
  const cells = [
    `${row.bench}  ${row.case}`.padEnd(64),
    `ours ${shown(row.ours)} ${row.unit}`.padEnd(20),
    row.peer === null ? '' : `${row.peerName} ${shown(row.peer)}`.padEnd(28),
    row.ratio === null ? '' : `ratio ${shown(row.ratio)}`,
    bar === undefined ? '' : judged(row, bar),
  ];
  return cells.filter((cell) => cell !== '').join('  ');
};

const judged = (row: Row, { of, sign, value }: Bar): string => {
  const figure = row[of] ?? Number.NaN;
  const met = sign === '≤' ? figure <= value : figure >= value;
  return `bar ${of === 'ours' ? 'ours ' : ''}${sign} ${value}: ${met ? 'met' : 'missed'}`;
};
