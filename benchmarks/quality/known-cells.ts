// With a few known anomalies: what it adds to leave out rows of the bank of cells that are like cells of known anomalies, or to
// subtract the distance to those. On validation images alone: `SALAD_AD_DATA=... npx tsx benchmarks/quality/known-cells.ts`.
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { SaladModel } from 'salad-ad';
import { concatSources, type ImageSource, normalsOf, subset } from 'salad-ad/data';
import { areaUnderRoc } from 'salad-ad/metrics';
import { enableWasmTraining } from 'salad-ad/wasm';
import { CellBank } from '../../src/cells/cell-bank.js';
import { cellsOf } from '../../src/cells/cells-of.js';
import { forEachBatch } from '../../src/learning/intake.js';
import { nearestRows } from '../../src/operations/nearest-rows.js';
import { RandomStream } from '../../src/support/random.js';
import { openers } from './data-sets.js';

const RATIO = 0.05;
const SHARES = [0.05, 0.1, 0.2, 0.4];
const PENALTIES = [0.25, 0.5, 1];

/** Cells of films, [films * cells, dim] flat. */
async function cellsIn(model: SaladModel, source: ImageSource) {
  const { levels, grid } = model.settings.cells;
  const parts: Float32Array[] = [];
  let [cells, dim] = [0, 0];
  const network = { backbone: model.backbone, preparation: model.preparation };
  await forEachBatch('known-cells', source, 64, network, async (images) => {
    const read = tf.tidy(() => {
      const { maps } = model.backbone.encode(images, false);
      return cellsOf(maps as NonNullable<typeof maps>, { levels, grid });
    });
    [, cells, dim] = read.shape;
    parts.push((await read.data()) as Float32Array);
    read.dispose();
  });
  const rows = Float32Array.from(parts.flatMap((part) => Array.from(part)));
  const count = rows.length / dim;
  return { rows, dim, cells, films: Int32Array.from({ length: count }, (_, i) => Math.floor(i / cells)) };
}
type Cells = Awaited<ReturnType<typeof cellsIn>>;

/** [queries]: the distance to the nearest row; with `own`, to the nearest one of another film. */
async function nearest(
  queries: Float32Array,
  rows: Float32Array,
  dim: number,
  own?: { of: Int32Array; films: Int32Array; most: number },
): Promise<Float32Array> {
  const bank = tf.tensor2d(rows, [rows.length / dim, dim]);
  const found = new Float32Array(queries.length / dim);
  const step = 4096;
  for (let first = 0; first < found.length; first += step) {
    const size = Math.min(step, found.length - first);
    const k = own ? own.most + 1 : 1;
    const some = tf.tensor2d(queries.subarray(first * dim, (first + size) * dim), [size, dim]);
    const { distances, indices } = nearestRows(some, bank, { k });
    const [d, at] = [await distances.data(), await indices.data()];
    for (let i = 0; i < size; i++) {
      let rank = 0;
      while (own && rank < k - 1 && own.films[at[i * k + rank]] === own.of[first + i]) rank += 1;
      found[first + i] = d[i * k + rank];
    }
    tf.dispose([some, distances, indices]);
  }
  bank.dispose();
  return found;
}

const meanOver = (distances: Float32Array, cells: number) =>
  Float32Array.from({ length: distances.length / cells }, (_, film) => {
    let sum = 0;
    for (let i = 0; i < cells; i++) sum += distances[film * cells + i];
    return sum / cells;
  });

function standardized(scores: Float32Array, normal: readonly boolean[]) {
  const own = Array.from(scores).filter((_, i) => normal[i]);
  const mean = own.reduce((a, b) => a + b, 0) / own.length;
  const deviation = Math.sqrt(own.reduce((a, b) => a + (b - mean) ** 2, 0) / own.length);
  return scores.map((score) => (score - mean) / deviation);
}

async function run(name: string, size: number, seed: number) {
  const { train, validation } = await openers(size)[name]();
  const normals = normalsOf(train);
  const abnormal = Array.from(train.labels ?? []).flatMap((label, i) => (label ? [i] : []));
  const count = Math.round((RATIO * normals.length) / (1 - RATIO));
  const order = new RandomStream(seed, ['known']).permutation(abnormal.length);
  const known = subset(train, Array.from(order.subarray(0, count), (i) => abnormal[i]));
  const model = SaladModel.create({
    backbone: { kind: 'convAutoencoder', inputShape: [size, size, 1] },
    score: 'cells',
    seed,
  });
  await model.fit(concatSources(normals, known));
  const labels = Array.from(validation.labels ?? []);
  const normal = labels.map((label) => label === 0);
  const { angular } = await model.score(validation);
  const [pool, of, films] = [
    await cellsIn(model, normals),
    await cellsIn(model, known),
    await cellsIn(model, validation),
  ];
  const places = pool.films.map((_, i) => i % pool.cells);
  const bank = await CellBank.coreset({ ...pool, places }, { size: 0.1, seed });
  const rows = (await bank.rows.data()) as Float32Array;
  const { dim, cells } = pool;
  const base = await nearest(films.rows, rows, dim);
  const tell = (what: string, distances: Float32Array) => {
    const scores = meanOver(distances, cells);
    const both = standardized(scores, normal).map(
      (score, i) => score + standardized(angular, normal)[i],
    );
    const [alone, sum] = [scores, both].map((s) => areaUnderRoc(s, labels).toFixed(3));
    console.log([name, size, seed, what, alone, sum].join(' | '));
  };
  console.log([name, size, seed, 'embedding', areaUnderRoc(angular, labels).toFixed(3)].join(' | '));
  tell('cells', base);
  const toKnown = await nearest(rows, of.rows, dim);
  const toOthers = await nearest(rows, pool.rows, dim, { of: bank.films, films: pool.films, most: 24 });
  const kept = async (order: Float32Array, share: number) => {
    const sorted = Array.from(order.keys()).sort((a, b) => order[a] - order[b]);
    const left = sorted.slice(Math.round(share * order.length));
    const some = new Float32Array(left.length * dim);
    left.forEach((row, i) => some.set(rows.subarray(row * dim, (row + 1) * dim), i * dim));
    return nearest(films.rows, some, dim);
  };
  for (const share of SHARES)
    tell(`without ${share} nearest to known`, await kept(toKnown, share));
  const ratio = toKnown.map((d, i) => d / Math.max(1e-6, toOthers[i]));
  for (const share of SHARES)
    tell(`without ${share} nearer to known than to others`, await kept(ratio, share));
  const random = toKnown.map((_, i) => new RandomStream(seed, ['any', i]).uniform());
  tell('without 0.2 at random', await kept(random, 0.2));
  const ofKnown = await nearest(films.rows, of.rows, dim);
  for (const penalty of PENALTIES)
    tell(`less ${penalty} x distance to known`, base.map((d, i) => d - penalty * ofKnown[i]));
  // Only cells of known anomalies that are odd among normal ones.
  const oddness = await nearest(of.rows, rows, dim);
  const limit = Float32Array.from(oddness).sort()[Math.floor(0.9 * oddness.length)];
  const odd = oddOnes(of, oddness, limit);
  const toOdd = await nearest(films.rows, odd, dim);
  for (const penalty of PENALTIES)
    tell(`less ${penalty} x distance to odd tenth of known`, base.map((d, i) => d - penalty * toOdd[i]));
  bank.dispose();
  model.dispose();
}

function oddOnes({ rows, dim }: Cells, oddness: Float32Array, limit: number): Float32Array {
  const some = Array.from(oddness.keys()).filter((i) => oddness[i] >= limit);
  return Float32Array.from(some.flatMap((i) => Array.from(rows.subarray(i * dim, (i + 1) * dim))));
}

await tf.setBackend('wasm');
enableWasmTraining();
const [sets = 'nih-cxr,knee,cxr-pneumonia', seeds = '1,2', size = '32'] = process.argv.slice(2);
for (const seed of seeds.split(',').map(Number))
  for (const name of sets.split(',')) await run(name, Number(size), seed);
