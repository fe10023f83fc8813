/**
 * SALAD on cells: does a projection of cells learnt by Eq. 1 and 2 see more than the cells as they are? On validation images alone.
 *
 *   SALAD_AD_DATA=... npx tsx benchmarks/quality/learned-cells.ts    nih-cxr and knee, 32 px, SALAD's own encoder
 *       --sets cxr-pneumonia --seeds 1,2,3 --epochs 5 --temperature .1 --aggregation 1
 *       --view neighbor         noise, neighbor or mirror
 *       --encoder frozen        EfficientNet-Lite0 at 128 px, cells of an 8 x 8 grid
 */
import '@tensorflow/tfjs-backend-wasm';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { anomalyScore, CellBank, cellScore, cellsOf, SaladModel } from 'salad-ad';
import { type ImageSource, normalsOf, RandomStream } from 'salad-ad/data';
import { efficientNetLite0 } from 'salad-ad/encoders';
import { areaUnderRoc, areaUnderRocWithin } from 'salad-ad/metrics';
import { enableWasmTraining } from 'salad-ad/wasm';
import { forEachBatch } from '../../src/learning/intake.js';
import { openers } from './data-sets.js';
import { learnProjection, views } from './learn-projection.js';

/** Cells of normal films in the bank, at most; plain and learned banks hold the same ones. */
const ROWS = 6000;
/** Films compared at once. */
const FILMS = 16;

const { values: flags } = parseArgs({
  options: {
    sets: { type: 'string', default: 'nih-cxr,knee' },
    seeds: { type: 'string', default: '1,2,3' },
    encoder: { type: 'string', default: 'own' },
    epochs: { type: 'string', default: '5' },
    temperature: { type: 'string', default: '.1' },
    aggregation: { type: 'string', default: '1' },
    view: { type: 'string', default: 'neighbor' },
  },
});
const isFrozen = flags.encoder === 'frozen';
const size = isFrozen ? 128 : 32;
const grid = isFrozen ? ([8, 8] as const) : ([4, 4] as const);

async function modelOf(normals: ImageSource, seed: number) {
  const backbone = isFrozen
    ? await efficientNetLite0({ inputShape: [size, size, 1] })
    : ({ kind: 'convAutoencoder', inputShape: [size, size, 1] } as const);
  const model = SaladModel.create({ backbone, score: 'cells', cells: { grid }, seed });
  await model.fit(normals);
  return model;
}

/** [films * cells, dim] */
async function cellsIn({ backbone, preparation }: SaladModel, source: ImageSource) {
  const parts: tf.Tensor2D[] = [];
  const network = { backbone, preparation };
  await forEachBatch('learned-cells', source, 32, network, (images) => {
    const read = tf.tidy(() => {
      const cells = cellsOf(backbone.encode(images, false).maps ?? [], { levels: 2, grid });
      return tf.reshape(cells, [-1, cells.shape[2]]) as tf.Tensor2D;
    });
    parts.push(read);
  });
  const all = tf.concat(parts, 0) as tf.Tensor2D;
  tf.dispose(parts);
  return all;
}

type Readings = Record<string, number[]>;

/** Scores of films by their cells, averaged: the nearest distance, and angles (K 10) alone and by Eq. 4. */
async function readings(films: tf.Tensor2D, rows: tf.Tensor2D): Promise<Readings> {
  const cells = grid[0] * grid[1];
  const places = new Int32Array(rows.shape[0]);
  const bank = CellBank.from(rows, { films: places, places });
  const [, dim] = films.shape;
  const found: Readings = { distance: [], angular: [], relative: [] };
  const unit = tf.tidy(() => tf.div(rows, tf.norm(rows, 2, 1, true)) as tf.Tensor2D);
  for (let first = 0; first < films.shape[0]; first += FILMS * cells) {
    const some = tf.slice(
      films,
      [first, 0],
      [Math.min(FILMS * cells, films.shape[0] - first), dim],
    );
    const read = tf.tidy(() => {
      const asFilms = tf.reshape(some, [-1, cells, dim]) as tf.Tensor3D;
      const directions = tf.div(some, tf.norm(some, 2, 1, true)) as tf.Tensor2D;
      const byAngle = (method: 'angular' | 'relative') => {
        const { scores } = anomalyScore(directions, unit, { method, scoreNeighbors: 10 });
        return tf.mean(tf.reshape(scores, [-1, cells]), 1);
      };
      return {
        distance: cellScore(bank.nearest(asFilms).distances),
        angular: byAngle('angular'),
        relative: byAngle('relative'),
      };
    });
    for (const [name, scores] of Object.entries(read)) found[name].push(...(await scores.data()));
    tf.dispose([some, ...Object.values(read)]);
  }
  bank.dispose();
  unit.dispose();
  return found;
}

async function run(name: string, seed: number) {
  const { train, validation, records } = await openers(size)[name]();
  const labels = Array.from(validation.labels ?? []);
  const viewsOfFilms = records?.validation.map(({ view }) => view ?? '') ?? [];
  const hasViews = viewsOfFilms.length > 0 && viewsOfFilms.every((view) => view !== '');
  const tell = (what: string, scores: Readings) => {
    const areas = Object.values(scores).map((s) =>
      hasViews ? areaUnderRocWithin(s, labels, viewsOfFilms).estimate : areaUnderRoc(s, labels),
    );
    console.log(
      ['', name, seed, what, ...areas.map((area) => area.toFixed(3)), ''].join(' | ').trim(),
    );
  };
  const normals = normalsOf(train);
  const model = await modelOf(normals, seed);
  const [all, films] = [await cellsIn(model, normals), await cellsIn(model, validation)];
  model.dispose();
  const count = all.shape[0];
  const drawn = new RandomStream(seed, ['drawn']).permutation(count).slice(0, ROWS).sort();
  const rows = tf.tidy(() => tf.gather(all, tf.tensor1d(drawn, 'int32')) as tf.Tensor2D);
  tell('plain', await readings(films, rows));
  const { mean, variance } = tf.moments(rows, 0);
  const standardized = (some: tf.Tensor2D) =>
    tf.tidy(() => tf.div(tf.sub(some, mean), tf.sqrt(tf.add(variance, 1e-12))) as tf.Tensor2D);
  const [values, judged] = [standardized(rows), standardized(films)];
  const learnt = { all: standardized(all), grid, drawn };
  const view = views.find((one) => one === flags.view);
  if (!view) throw new Error(`--view ${flags.view}: expected ${views.join(', ')}`);
  const [temperature, weight] = [Number(flags.temperature), Number(flags.aggregation)];
  const kinds = [
    ['untrained projection', 0, 0],
    ['Eq. 1', Number(flags.epochs), 0],
    ['Eq. 1 and 2', Number(flags.epochs), weight],
  ] as const;
  for (const [what, epochs, aggregation] of kinds) {
    const head = await learnProjection(learnt, { epochs, temperature, aggregation, view, seed });
    const [projected, bank] = [head.project(judged), head.project(values)];
    tell(what, await readings(projected, bank));
    tf.dispose([projected, bank]);
    head.dispose();
  }
  tf.dispose([all, films, rows, mean, variance, values, judged, learnt.all]);
}

await tf.setBackend('wasm');
enableWasmTraining();
console.log(
  '| set | seed | cells | nearest distance | angular | relative |\n|---|---|---|---|---|---|',
);
for (const name of flags.sets.split(','))
  for (const seed of flags.seeds.split(',').map(Number)) await run(name, seed);
