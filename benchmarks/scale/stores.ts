/**
 * Stores of a large bank beside the exact scan in memory: building, disk, memory, queries a second, recall at K.
 *
 *   npx tsx benchmarks/scale/stores.ts               # 1e6 rows of 200 numbers; writes stores.md beside this file
 *   npx tsx benchmarks/scale/stores.ts 1e4           # a trial, printed; from 1e5 rows on written too
 *   npx tsx benchmarks/scale/stores.ts 1e5 usearch   # some, by commas, printed: memory, lance, lance-ivf, usearch, usearch-i8, pgvector
 *
 * Each is a process of its own. Packages are those of test/stores; what is not here is named.
 */
import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RandomStream } from '../../src/support/random.js';
import { type Machine, thisMachine } from '../speed/machine.js';
import { BLOCK, DIM, type Figures, K, QUERIES, sampleRows } from './store-figures.js';

const MIB = 2 ** 20;
const NAMES = ['memory', 'lance', 'lance-ivf', 'usearch', 'usearch-i8', 'pgvector'] as const;

/** Rows as embeddings lie: around centres, in directions of falling weight, of length 1. Queries come after them. */
function writeRows(path: string, size: number): void {
  const file = openSync(path, 'w');
  const centres = sampleRows(new RandomStream(1, ['centres']), 1000);
  for (let first = 0; first < size + QUERIES; first += BLOCK) {
    const count = Math.min(BLOCK, size + QUERIES - first);
    const random = new RandomStream(2, ['rows', first]);
    const rows = sampleRows(random, count);
    for (let row = 0; row < count; row++) {
      const centre = random.integer(1000) * DIM;
      let squares = 0;
      for (let d = 0; d < DIM; d++) {
        const value = centres[centre + d] + 0.7 * rows[row * DIM + d];
        rows[row * DIM + d] = value;
        squares += value * value;
      }
      const scale = 1 / Math.sqrt(squares);
      for (let d = 0; d < DIM; d++) rows[row * DIM + d] *= scale;
    }
    writeSync(file, new Uint8Array(rows.buffer));
  }
  closeSync(file);
}

function bytesIn(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

async function inAProcess(name: string, size: number, folder: string): Promise<Figures> {
  const program = fileURLToPath(new URL('store-process.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    [
      '--expose-gc',
      '--max-old-space-size=4096',
      '--import',
      'tsx',
      program,
      name,
      String(size),
      folder,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  child.stdout.on('data', (data) => {
    output += data;
  });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  const last = output.trim().split('\n').at(-1) ?? '';
  return code === 0 ? JSON.parse(last) : { missing: `ended with ${code}` };
}

function rowOf(name: string, figures: Figures, disk: number): string {
  if ('missing' in figures) return `| ${name} | ${figures.missing} | | | | | | | | |`;
  const { title, buildSeconds, openSeconds, buildMemory, memory, search, scan } = figures;
  const speed = (value: number) => value.toFixed(value < 10 ? 1 : 0);
  return `| ${[
    title,
    buildSeconds.toFixed(1),
    (disk / MIB).toFixed(0),
    (buildMemory / MIB).toFixed(0),
    (memory / MIB).toFixed(0),
    openSeconds.toFixed(1),
    scan ? speed(scan.queriesPerSecond) : '',
    search ? speed(search.queriesPerSecond) : '',
    search ? search.recall.toFixed(3) : '1',
    search
      ? `${search.farthest.toExponential(1)} (${search.error.toExponential(1)})`
      : (scan?.farthest ?? 0).toExponential(1),
  ].join(' | ')} |`;
}

function page(rows: readonly string[], size: number, machine: Machine): string {
  const { processor, cores, memoryGiB, system, node, commit } = machine;
  return `# Stores of a bank of ${size.toExponential(0).replace('+', '')} rows

Written by \`npx tsx benchmarks/scale/stores.ts ${size.toExponential(0).replace('+', '')}\`. Rows of ${DIM} numbers (${((size * DIM * 4) / MIB).toFixed(0)} MiB), around 1,000 centres; ${QUERIES} queries of the same kind, asked at once (of LanceDB without an index 32); K = ${K}. One run, each in a process of its own; memory is the highest
beyond what the process took before. \`exact\`: every row is compared (\`search: 'exact'\`). \`index\`: the nearest rows by the store's search, the sum over all from a sample of 4,096 (\`search: 'index'\`). Opening: what \`useStore\` does with \`search: 'index'\` when the store is full, drawing the sample and measuring recall.
Last: the farthest \`relative\` from the exact one, and in brackets the mean standard error that results tell.

${processor}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node.slice(1)}, commit ${commit}.

| store | build, s | disk, MiB | memory while building, MiB | memory while asked, MiB | opening, s | queries/s, exact | queries/s, index | recall at ${K} | \`relative\`, farthest (error told) |
|---|---|---|---|---|---|---|---|---|---|
${rows.join('\n')}
`;
}

async function main(): Promise<void> {
  const [given, only] = process.argv.slice(2);
  const size = Number(given ?? 1e6);
  const folder = fileURLToPath(new URL('../../output/scale/stores', import.meta.url));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeRows(join(folder, 'rows.f32'), size);
  const rows: string[] = [];
  // The exact scan comes first: the others are compared with what it finds.
  const names = NAMES.filter(
    (name) => name === 'memory' || !only || only.split(',').includes(name),
  );
  for (const name of names) {
    const own = join(folder, name);
    const figures = await inAProcess(name, size, folder);
    rows.push(rowOf(name, figures, 'disk' in figures ? (figures.disk ?? 0) : bytesIn(own)));
    console.log(rows.at(-1));
    rmSync(own, { recursive: true, force: true });
  }
  const text = page(rows, size, thisMachine());
  rmSync(folder, { recursive: true, force: true });
  // Some rows alone would take the place of the whole table.
  if (size >= 1e5 && !only)
    writeFileSync(fileURLToPath(new URL('stores.md', import.meta.url)), text);
  console.log(text);
}

void main();
