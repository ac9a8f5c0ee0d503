// Soaks workflows of mixed shape: `npm run soak -- --seed 1 --workflows 2000`, and one of them again with `--only 17`.
import { parseArgs } from 'node:util';
import { soakWorkflows } from './soak-workflows.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
    workflows: { type: 'string', default: '2000' },
    only: { type: 'string' },
  },
});
const seed = Number(values.seed);
const workflows = Number(values.workflows);
console.log(`Soaks ${workflows} workflows, --seed ${seed}`);
const only = values.only === undefined ? {} : { only: Number(values.only) };
const { problems, counts, requests, heaps, seconds } = await soakWorkflows({ seed, workflows, ...only });
for (const [table, rows] of Object.entries(counts)) {
  console.log(`\n${table}`);
  for (const [name, count] of Object.entries(rows)) console.log(`  ${String(count).padStart(6)}  ${name}`);
}
const megabytes = heaps.map((bytes) => (bytes / 1e6).toFixed(1)).join(', ');
console.log(`\n${requests} requests in ${seconds.toFixed(1)} s; heap after each quarter: ${megabytes} MB`);
for (const problem of problems.slice(0, 20)) console.error(`\n${problem}`);
console.log(`\n${problems.length} problems with --seed ${seed} --workflows ${workflows}`);
process.exitCode = problems.length > 0 ? 1 : 0;
