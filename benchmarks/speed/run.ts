/**
 * Every speed figure of the library, each a ratio measured in one go on one machine.
 *
 *   npx tsx benchmarks/speed/run.ts                        all rows, written beside this file
 *   npx tsx benchmarks/speed/run.ts --resume               goes on with a run that was stopped
 *   npx tsx benchmarks/speed/run.ts --rows a,b --sizes 64 --backends wasm --quick
 *   npx tsx benchmarks/speed/run.ts --rows m --earlier ../earlier    also against an earlier checkout, as earlier.ts tells
 *
 * A selection is written to output/speed; --out names another folder. README.md tells what the rows are.
 */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { thisMachine } from './machine.js';
import { fullEffort, measureInTurn, quickEffort } from './measure.js';
import { type Report, readReport, writeReport } from './report.js';
import { judge, type Result } from './results.js';
import { rows } from './rows/index.js';
import { resultTable } from './table.js';

const { values: flags } = parseArgs({
  options: {
    rows: { type: 'string' },
    sizes: { type: 'string' },
    backends: { type: 'string' },
    threads: { type: 'string', default: String(availableParallelism()) },
    'cpu-time': { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    resume: { type: 'boolean', default: false },
    out: { type: 'string' },
    earlier: { type: 'string' },
  },
});
const list = (value: string | undefined, all: string) => (value ?? all).split(',');
const plan = {
  sizes: list(flags.sizes, '32,64,128,256').map(Number),
  backends: list(flags.backends, 'cpu,wasm,tensorflow,webgl,webgpu,dawn'),
  threads: Number(flags.threads),
  quick: flags.quick,
  earlier: flags.earlier && resolve(flags.earlier),
};
const whole = !(flags.rows || flags.sizes || flags.backends || flags.quick || flags['cpu-time']);
// Contestants inherit the environment.
if (flags['cpu-time']) process.env.SPEED_CPU_TIME = '1';
const root = fileURLToPath(new URL('../..', import.meta.url));
const out = flags.out ?? (whole ? `${root}benchmarks/speed` : `${root}output/speed`);
const command = `npx tsx benchmarks/speed/run.ts ${process.argv.slice(2).join(' ')}`.trim();

const before = flags.resume ? await readReport(out) : undefined;
let report: Report = before ?? {
  machine: thisMachine(),
  threads: plan.threads,
  date: new Date().toISOString().slice(0, 10),
  command,
  cpuTime: flags['cpu-time'],
  versions: {},
  results: [],
};
const cases = list(flags.rows, Object.keys(rows).join()).flatMap((row) => rows[row](plan));

for (const one of cases) {
  const isOfCase = ({ row, size, backend }: Result) =>
    row === one.row && size === one.size && backend === one.backend;
  if (report.results.some((result) => isOfCase(result) && !result.skipped)) continue;
  const outcomes = await measureInTurn(one, flags.quick ? quickEffort : fullEffort).catch(
    (error) => {
      // The rows that can be measured are worth having; the exit code tells of this one.
      console.error(error);
      process.exitCode = 1;
      return Object.fromEntries(Object.keys(one.contestants).map((name) => [name, error as Error]));
    },
  );
  const results = one.ratios.map((ratio) => judge(one, ratio, outcomes));
  console.log(resultTable(results).split('\n').slice(2).join('\n'));
  const versions = Object.values(outcomes).map((outcome) =>
    'facts' in outcome ? outcome.facts.versions : {},
  );
  report = {
    ...report,
    versions: Object.assign({}, report.versions, ...versions),
    results: [...report.results.filter((result) => !isOfCase(result)), ...results],
  };
  await writeReport(out, report);
}
console.log(`\nwritten to ${out}/results.md`);
