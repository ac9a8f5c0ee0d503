import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, totalmem } from 'node:os';

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

/** Takes the rows of a bench, and prints them as they come. */
export type Report = (row: Omit<Row, 'ratio'>) => void;

const packages = ['rxjs', 'onnxruntime-node', '@huggingface/transformers'];

const versionOf = (name: string): string => {
  const path = createRequire(import.meta.url)
    .resolve(name)
    .replace(new RegExp(`(.*/node_modules/${name})/.*`), '$1');
  return JSON.parse(readFileSync(`${path}/package.json`, 'utf8')).version;
};

/** The machine and the versions, in one line. */
export const machine = (): string => {
  const [core] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const versions = packages.map((name) => `${name} ${versionOf(name)}`);
  return [`${cpus().length} × ${core?.model}`, memory, process.platform, `Node ${process.version}`, ...versions].join(
    ' · ',
  );
};

const shown = (value: number): string => (value === 0 ? '0' : value.toPrecision(3));

/** Makes a report: a table for people, or one JSON object a line. */
export const makeReport = (json: boolean): Report => {
  if (json) console.error(machine());
  else console.log(`${machine()}\n`);
  return (row) => {
    const ratio = row.peer ? row.ours / row.peer : null;
    if (json) return console.log(JSON.stringify({ ...row, ratio }));
    const against = row.peer === null ? '' : `  ${row.peerName} ${shown(row.peer)}`;
    const beside = ratio === null ? against : `${against}  ratio ${shown(ratio)}`;
    console.log(`${`${row.bench}  ${row.case}`.padEnd(48)} ours ${shown(row.ours)}${beside}  ${row.unit}`);
  };
};
