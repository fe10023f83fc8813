/**
 * The same films scored in every way that docs/many-machines.md describes: whether scores are the same and every film came once, and the time and memory
 * of each way as ratios to one process on onnxruntime-node.
 *
 *   npm run build && SALAD_AD_PYTHON=python npx tsx benchmarks/scale/run.ts --films 20000
 *       --films 400               how many; default 400
 *       --side 512                pixels of a film, high and wide; default 512
 *       --ways Ray,shards         those whose names contain one of these, and those that others are compared with
 *       --out file.md             default results.md beside this script for 20000 films, else output/scale/results.md
 *
 * SALAD_AD_PYTHON names a Python with the packages of examples/python/requirements-ray.txt and requirements-spark.txt; Spark needs Java 17.
 * Exit code 1 where scores differ by more than 1e-6 or a film is missing.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { enableWasmTraining } from 'salad-ad/wasm';
import { thisMachine } from '../speed/machine.js';
import { prepare } from './prepare.js';
import { type Row, table } from './table.js';
import { type Scores, ways } from './ways.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const folder = fileURLToPath(new URL('../../output/scale', import.meta.url));
const { values: flags } = parseArgs({
  options: {
    films: { type: 'string', default: '400' },
    side: { type: 'string', default: '512' },
    ways: { type: 'string', default: '' },
    out: { type: 'string' },
  },
});
enableWasmTraining();
await tf.setBackend('wasm');

const asked = flags.ways.split(',').map((name) => name.toLowerCase());
const references = ways.filter(({ name }) => /^one process( on one core)?, (onnx|`)/.test(name));
const chosen = ways.filter(
  (way) => references.includes(way) || asked.some((name) => way.name.toLowerCase().includes(name)),
);
const of = await prepare(folder, Number(flags.films), Number(flags.side));
const rows: Row[] = [];
const found = new Map<string, Scores>();
for (const way of chosen) {
  const out = join(folder, `out-${ways.indexOf(way)}`);
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  await Promise.all(
    ['csv', 'csv.list', 'csv.1-of-2', 'csv.2-of-2', 'csv.1-of-2.partial', 'csv.2-of-2.partial'].map(
      (end) => rm(`${out}.${end}`, { force: true }),
    ),
  );
  try {
    const cost = await way.run(of, out);
    const scores = await way.scores(of, out);
    found.set(way.name, scores);
    const reference = references.find(({ family }) => family === way.family);
    const same = found.get(reference?.name ?? '') ?? scores;
    rows.push({ name: way.name, ...cost, ...compared(scores, same) });
  } catch (error) {
    rows.push({ name: way.name, missing: (error as Error).message });
  }
  console.log(JSON.stringify(rows.at(-1)));
}
const [onnx, , command] = references.map(({ name }) => found.get(name));
const between = onnx && command && compared(command, onnx);
const standing = Number(flags.films) === 20_000 && !flags.ways ? here : folder;
const path = flags.out ?? join(standing, 'results.md');
await writeFile(path, table(rows, { films: of.count, between, machine: thisMachine() }));
console.log(`wrote ${path}`);
const good = rows.every((row) => !('missing' in row) && row.furthest <= 1e-6 && row.lost === 0);
process.exitCode = good ? 0 : 1;

/** How far scores are from those they should be, relative to a score above 1, and how many of either are without a partner. */
function compared(scores: Scores, same: Scores): { furthest: number; lost: number; films: number } {
  let [furthest, lost] = [0, 0];
  for (const [name, score] of same) {
    const other = scores.get(name);
    if (other === undefined) lost++;
    // Without a score in both: named by both.
    else if (!(Number.isNaN(other) && Number.isNaN(score)))
      furthest = Math.max(furthest, Math.abs(other - score) / Math.max(1, Math.abs(score)));
  }
  for (const name of scores.keys()) if (!same.has(name)) lost++;
  const films = [...scores.values()].filter((score) => !Number.isNaN(score)).length;
  return { furthest: Number.isNaN(furthest) ? 1 : furthest, lost, films };
}
