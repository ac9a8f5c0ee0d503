import { batch } from './batch.ts';
import { cancel } from './cancel.ts';
import { constraint } from './constraint.ts';
import { flow } from './flow.ts';
import { local } from './local.ts';
import { machine } from './machine.ts';
import { memory } from './memory.ts';
import { overhead } from './overhead.ts';
import { prefix } from './prefix.ts';
import { makeReport } from './report.ts';
import { tools } from './tools.ts';

const benches = { overhead, flow, local, batch, prefix, cancel, memory, constraint, tools };
/** Takes many minutes, and measures answers rather than time. */
const onlyByName = 'tools';

const words = process.argv.slice(2);
const json = words.includes('--json');
const quick = words.includes('--quick');
const names = words.filter((word) => !word.startsWith('--'));
const unknown = names.find((name) => !Object.hasOwn(benches, name));

if (unknown !== undefined) {
  console.error(
    `Expected the name of a bench (${Object.keys(benches).join(', ')}), received ${JSON.stringify(unknown)}`,
  );
  process.exitCode = 2;
} else {
  const report = makeReport(json);
  if (json) console.error(machine());
  else console.log(`${machine()}\n`);
  for (const [name, bench] of Object.entries(benches)) {
    if (names.length === 0 ? name !== onlyByName : names.includes(name)) await bench(report, quick);
  }
}
