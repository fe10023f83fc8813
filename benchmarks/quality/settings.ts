/**
 * What settings are worth on sets unlike one another, without scoring any test image: training and validation
 * images are divided anew by patient, and every normal image is judged by a model that has not seen it.
 *
 *   npx tsx benchmarks/quality/settings.ts --data-set nih-cxr --size 16 --options '{"latentWeight":0.03}'
 *       --plain             plain pixels in place of localContrast
 *       --folds 3           1: the set's own training and validation parts
 *       --ratio 0.05        known anomalies added, drawn from the set's pool
 *       --images 290        so many of the normal images to learn from
 *       --seeds 1,2
 *
 * Prints AUC, mean and standard deviation over fits of the last epoch, and pair-weighted within views where they are
 * known: of baselines; by score and K, by the bank as training left it, by reconstruction error, and by the sum of both
 * standardised on the normal images.
 */
import { parseArgs } from 'node:util';
import '@tensorflow/tfjs-backend-wasm';
import { anomalyScore, combinedScore, localContrast, none, SaladModel } from 'salad-ad';
import { detectBackend } from 'salad-ad/backend';
import { meanIntensity, pixelBank, texture } from 'salad-ad/baselines';
import { drawKnownAnomalies, type ImageSource, RandomStream, subset } from 'salad-ad/data';
import { areaUnderRoc, areaUnderRocWithin } from 'salad-ad/metrics';
import { enableWasmTraining } from 'salad-ad/wasm';
import { openers } from './data-sets.js';
import { type Fold, normalFolds } from './folds.js';
import { spread } from './spread.js';

const { values: flags } = parseArgs({
  options: {
    'data-set': { type: 'string', default: 'cxr-pneumonia' },
    size: { type: 'string', default: '32' },
    options: { type: 'string', default: '{}' },
    plain: { type: 'boolean', default: false },
    folds: { type: 'string', default: '3' },
    ratio: { type: 'string', default: '0' },
    images: { type: 'string' },
    seeds: { type: 'string', default: '1' },
  },
});
const size = Number(flags.size);
const ratio = Number(flags.ratio);
const normalization = flags.plain ? none() : localContrast();

await detectBackend();
await enableWasmTraining();

/** Areas of every fit, by what was read. */
const areas = new Map<string, { all: number[]; within: number[] }>();
const data = await openers(size)[flags['data-set']]();
const folds = await normalFolds(data, { folds: Number(flags.folds), keepPool: ratio > 0 });
for (const fold of folds) {
  await judgeBaselines(fold);
  for (const seed of flags.seeds.split(',').map(Number)) await judge(fold, seed);
}

console.log(
  `${flags['data-set']}, ${size} px, ${normalization.name}, ${flags.options}, ratio ${ratio}`,
);
for (const [name, { all, within }] of areas)
  console.log(
    `${name.padEnd(31)} ${spread(all)}${within.length > 0 ? `   within views ${spread(within)}` : ''}`,
  );

async function judge({ train: all, validation, views }: Fold, seed: number): Promise<void> {
  const labels = validation.labels ?? [];
  const train = flags.images ? fewer(all, Number(flags.images), seed) : all;
  const learnt = subset(
    train,
    drawKnownAnomalies(train.labels ?? [], { ratio, form: 'added', seed }),
  );
  const model = SaladModel.create({
    backbone: { kind: 'convAutoencoder', inputShape: [size, size, 1] },
    imageNormalization: normalization,
    seed,
    ...JSON.parse(flags.options),
  });
  await model.fit(learnt);
  const embeddings = await model.embed(validation);
  const add = (name: string, scores: Float32Array) => record(name, scores, { validation, views });
  const term = (scores: Float32Array) => ({
    scores,
    normals: scores.filter((_, i) => labels[i] === 0),
  });
  const error = add('reconstruction error', await model.reconstructionErrors(validation));
  for (const method of ['angular', 'relative'] as const)
    for (const scoreNeighbors of [1, 10, 30, 100])
      for (const bank of [model.bank, model.runningBank]) {
        if (!bank) continue;
        const { discard } = model;
        const { scores } = anomalyScore(embeddings, bank, { discard, scoreNeighbors, method });
        const name = `${method} ${scoreNeighbors}${bank === model.bank ? '' : ', running bank'}`;
        const values = add(name, Float32Array.from(await scores.data()));
        scores.dispose();
        if (bank === model.bank) add(`${name} + error`, combinedScore([term(values), term(error)]));
      }
  embeddings.dispose();
  model.dispose();
}

/** What needs no training, on the same folds. */
async function judgeBaselines({ train, validation, views }: Fold): Promise<void> {
  const shared = { inputShape: [size, size, 1] } as const;
  const nearest = { ...shared, scoreNeighbors: 1, method: 'relative' } as const;
  const baselines = {
    'baseline: brightness': meanIntensity(shared),
    'baseline: texture': texture(shared),
    'baseline: pixels (plain)': pixelBank({ ...nearest, imageNormalization: none() }),
    'baseline: pixels (localContrast)': pixelBank(nearest),
  };
  for (const [name, baseline] of Object.entries(baselines)) {
    await baseline.fit(train);
    const { scores } = await baseline.score(validation);
    record(name, scores, { validation, views });
    baseline.dispose();
  }
}

function record(
  name: string,
  scores: Float32Array,
  { validation, views }: Pick<Fold, 'validation' | 'views'>,
): Float32Array {
  const labels = validation.labels ?? [];
  const found = areas.get(name) ?? { all: [], within: [] };
  areas.set(name, found);
  found.all.push(areaUnderRoc(scores, labels));
  if (views) found.within.push(areaUnderRocWithin(scores, labels, views).estimate);
  return scores;
}

/** Some of the normal images, and every anomaly. */
function fewer(train: ImageSource, images: number, seed: number): ImageSource {
  const order = new RandomStream(seed, ['fewer']).permutation(train.length);
  const isAbnormal = (i: number) => train.labels?.[i] === 1;
  const normals = Array.from(order).filter((i) => !isAbnormal(i));
  return subset(train, [...normals.slice(0, images), ...Array.from(order).filter(isAbnormal)]);
}
