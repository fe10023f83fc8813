/**
 * A training step, its memory, embeddings and the bank's scan in this checkout against an earlier one, measured in turn in one run.
 *
 *   git worktree add ../earlier <commit> && (cd ../earlier && npm ci)
 *   npx tsx benchmarks/speed/earlier.ts --earlier ../earlier
 *   npx tsx benchmarks/speed/earlier.ts --earlier ../earlier --sizes 64 --backends wasm --cpu-time
 *   npx tsx benchmarks/speed/earlier.ts --earlier ../earlier --sizes 64,256 --backends wasm --wasm-threads 2 --row step
 *
 * `--cpu-time` counts what the processes computed instead of the time that passed, for a machine that others use.
 * A checkout that knows no threads on wasm runs one, whatever `--wasm-threads` says. Peak memory is the median of `--processes` processes of each: when garbage is collected moves it by a tenth.
 */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Case } from './case.js';
import { Missing } from './contestant.js';
import { fullEffort, type Measured, measureInTurn, type Outcome, summary } from './measure.js';
import { judge } from './results.js';
import { resultTable } from './table.js';
import { inEarlier, tfjs } from './workers.js';

const { values: flags } = parseArgs({
  options: {
    earlier: { type: 'string' },
    sizes: { type: 'string', default: '64' },
    backends: { type: 'string', default: 'wasm,tensorflow' },
    'at-most': { type: 'string', default: '1.03' },
    seconds: { type: 'string', default: '40' },
    row: { type: 'string' },
    processes: { type: 'string', default: '9' },
    'wasm-threads': { type: 'string', default: '1' },
    'cpu-time': { type: 'boolean', default: false },
  },
});
if (!flags.earlier) throw new Error('--earlier is missing; expected the folder of a checkout.');
if (flags['cpu-time']) process.env.SPEED_CPU_TIME = '1';
const earlier = resolve(flags.earlier);
const effort = { ...fullEffort, seconds: Number(flags.seconds) };

function compared(
  what: string,
  task: string,
  size: number,
  backend: string,
  settings: object,
): Case {
  const wasmThreads = Number(flags['wasm-threads']);
  const now = tfjs(task, { backend, size, wasmThreads, ...settings }, availableParallelism());
  const peak = 'peak' in settings;
  return {
    row: what,
    size,
    backend,
    contestants: { now, earlier: inEarlier(now, earlier) },
    ratios: [
      { row: what, what, ours: 'now', against: 'earlier', atMost: Number(flags['at-most']) },
    ],
    ...(peak && { unit: 'MB', once: true }),
  };
}

/** Contestants of which one process gives one figure: as many processes of each, in turn. */
async function inManyProcesses(one: Case): Promise<Record<string, Outcome>> {
  const values: Record<string, Measured[]> = {};
  for (let round = 0; round < Number(flags.processes); round++)
    for (const [name, outcome] of Object.entries(await measureInTurn(one, effort))) {
      if (outcome instanceof Missing) return { [name]: outcome };
      values[name] = [...(values[name] ?? []), outcome];
    }
  return Object.fromEntries(
    Object.entries(values).map(([name, measured]) => [
      name,
      { ...summary(measured.map(({ best }) => best)), facts: measured[0].facts },
    ]),
  );
}

/** What is compared: a task of this folder and its settings. */
const ROWS: Record<string, [task: string, settings: object]> = {
  'step, bank 1e3': ['fit-step', { bank: 1e3 }],
  'step, bank 1e4': ['fit-step', { bank: 1e4 }],
  'step, bank 1e5': ['fit-step', { bank: 1e5 }],
  'embeddings of a batch': ['embed', {}],
  'scores of 256 embeddings, bank 1e4': ['bank-scan', { bank: 1e4 }],
  'scores of 256 embeddings, bank 1e5': ['bank-scan', { bank: 1e5 }],
  'peak memory, bank 1e4': ['fit-step', { bank: 1e4, peak: true }],
};

for (const backend of flags.backends.split(','))
  for (const size of flags.sizes.split(',').map(Number))
    for (const [what, [task, settings]] of Object.entries(ROWS)) {
      if (flags.row && !what.startsWith(flags.row)) continue;
      const one = compared(what, task, size, backend, settings);
      const outcomes = await (one.once ? inManyProcesses(one) : measureInTurn(one, effort));
      const results = one.ratios.map((ratio) => judge(one, ratio, outcomes));
      console.log(resultTable(results).split('\n').slice(2).join('\n'));
    }
