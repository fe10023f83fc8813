/**
 * The bank as it grows: a training step of 16 images of 64 px, the update of its rows, scores of 256 embeddings of 200
 * numbers with default options, the neighbourhoods of one round, and peak memory, for banks of 1e3 to 1e6 rows.
 *
 *   npx tsx benchmarks/speed/bank-at-size.ts [backends, 'wasm,tensorflow'] [largest bank] [largest select()] [step,update,score,select]
 *
 * Each figure comes of a process of its own. The table is written to bank-at-size.md beside this file where
 * nothing smaller is asked for.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { anomalyScore, MemoryBank, ProgressiveNeighborhoodScheduler, SaladModel } from 'salad-ad';
import { startBackend } from './backends.js';
import { type Machine, thisMachine } from './machine.js';
import { BATCH, speedNetwork } from './network.js';
import { syntheticSource } from './synthetic-source.js';

const QUERIES = 256;
const DIM = 200;
const MIB = 2 ** 20;
const SIZES = [1e3, 1e4, 1e5, 1e6];

const WORK: Readonly<Record<string, { name: string; queriesOf: (size: number) => number }>> = {
  step: { name: 'a training step', queriesOf: () => BATCH },
  update: { name: 'update()', queriesOf: () => BATCH },
  score: { name: 'scores of 256', queriesOf: () => QUERIES },
  select: { name: 'select()', queriesOf: (size) => size },
};

interface Figures {
  readonly milliseconds: number;
  /** Computed by all of the process's threads together. */
  readonly processorMilliseconds: number;
  /** Peak of the process's memory beyond what it was before the bank, less the bank itself. */
  readonly beyondTheBank: number;
  /** The same once the bank stood: what building it took at most. */
  readonly building: number;
}

async function measure(backend: string, work: string, size: number): Promise<Figures> {
  await startBackend(backend, 'ours');
  const before = peak();
  const run = await begin(work, size);
  const building = peak() - before - bytesOf(size);
  let best: Omit<Figures, 'beyondTheBank' | 'building'> | undefined;
  const end = performance.now() + 3000;
  for (let i = 0; i < 1 || performance.now() < end; i++) {
    const started = performance.now();
    const computed = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(computed);
    const milliseconds = performance.now() - started;
    if (best && best.milliseconds <= milliseconds) continue;
    best = { milliseconds, processorMilliseconds: (user + system) / 1000 };
  }
  if (!best) throw new Error('nothing was measured');
  return { ...best, building, beyondTheBank: peak() - before - bytesOf(size) };
}

/** Makes the bank, and what works on it. */
async function begin(work: string, size: number): Promise<() => Promise<unknown>> {
  if (work === 'step') {
    const model = SaladModel.create({ backbone: speedNetwork(64), batchSize: BATCH });
    const trainer = await model.trainer(syntheticSource(64, size));
    return () => trainer.step();
  }
  const bank = MemoryBank.random({ size, dim: DIM, seed: 1 });
  const queries: Tensor2D = MemoryBank.random({ size: QUERIES, dim: DIM, seed: 2 }).rows;
  if (work === 'select') {
    const scheduler = new ProgressiveNeighborhoodScheduler();
    return () => scheduler.select(bank, 1);
  }
  if (work === 'update') {
    const embeddings = tf.slice(queries, [0, 0], [BATCH, DIM]);
    const rows = Array.from({ length: BATCH }, (_, i) => Math.floor((i * size) / BATCH));
    return async () => bank.update(rows, embeddings);
  }
  return async () => {
    const { scores } = anomalyScore(queries, bank);
    await scores.data();
    scores.dispose();
  };
}

const peak = () => process.resourceUsage().maxRSS * 1024;
const bytesOf = (size: number) => size * DIM * 4;

function inAProcess(backend: string, work: string, size: number): Figures {
  const arguments_ = ['--import', 'tsx', fileURLToPath(import.meta.url), 'one', backend, work];
  const output = execFileSync(process.execPath, [...arguments_, String(size)], {
    encoding: 'utf8',
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(output.trim().split('\n').at(-1) ?? '');
}

function rowOf(backend: string, work: string, size: number): string {
  const found = inAProcess(backend, work, size);
  const { name, queriesOf } = WORK[work];
  const queries = queriesOf(size);
  const cells = [
    name,
    backend,
    size.toExponential(0).replace('+', ''),
    found.milliseconds.toFixed(found.milliseconds < 10 ? 2 : found.milliseconds < 100 ? 1 : 0),
    (queries / (found.milliseconds / 1000)).toFixed(0),
    ((found.milliseconds * 1e6) / (queries * size)).toFixed(2),
    ((found.processorMilliseconds * 1e6) / (queries * size)).toFixed(2),
    (bytesOf(size) / MIB).toFixed(0),
    (found.building / MIB).toFixed(0),
    (found.beyondTheBank / MIB).toFixed(0),
  ];
  const row = `| ${cells.join(' | ')} |`;
  console.log(row);
  return row;
}

function table(rows: readonly string[], machine: Machine): string {
  return [
    '# The bank at size',
    '',
    '`npx tsx benchmarks/speed/bank-at-size.ts`. A training step: 16 images of 64 px with default options, as in the rows of',
    '[results.md](results.md); its memory has the network in it. `update()`: 16 rows of 200 numbers. Scores: 256 embeddings of 200 numbers, K = 100, default options.',
    '`select()`: entropies and neighbours of all rows, as one round of training finds them. The best of what fits',
    'in three seconds, at least one run, each row in a process of its own. Memory is the peak beyond what the',
    'process took before the bank, less the bank itself: while the bank was built, and at the end.',
    '',
    `${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node.slice(1)}, tfjs 4.22.0, commit ${machine.commit}.`,
    '',
    '| work | backend | rows N | ms | queries/s | ns a query and row | of processor time | bank, MiB | building it, MiB | at the end, MiB |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...rows,
    '',
    'The cost of a score and of a step is linear in N, that of a round N squared, that of an update the same at any N. No N x N is',
    'ever in memory, and no second bank: beyond the bank a scan holds blocks of cosines. Where time passed is far above the time',
    'of the processor, other work had the cores, and the latter counts.',
    '',
  ].join('\n');
}

async function main(): Promise<void> {
  const [first, ...others] = process.argv.slice(2);
  if (first === 'one') {
    const [backend, work, size] = others;
    console.log(JSON.stringify(await measure(backend, work, Number(size))));
    return;
  }
  const backends = (first ?? 'wasm,tensorflow').split(',');
  const [largest, largestSelect] = [Number(others[0] ?? 1e6), Number(others[1] ?? 1e5)];
  const only = others[2];
  const rows: string[] = [];
  for (const backend of backends) {
    for (const work of only ? only.split(',') : Object.keys(WORK))
      for (const size of SIZES.filter(
        (size) => size <= (work === 'select' ? largestSelect : largest),
      ))
        rows.push(rowOf(backend, work, size));
  }
  const text = table(rows, thisMachine());
  if (first === undefined)
    writeFileSync(fileURLToPath(new URL('bank-at-size.md', import.meta.url)), text);
  else console.log(text);
}

void main();
