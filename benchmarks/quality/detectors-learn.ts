/**
 * Whether each detector learns at all: one short run of each on the paediatric chest X-rays at 32 px, by
 * validation AUC. Too short to rank them; the test set is not read.
 *
 *   npx tsx benchmarks/quality/detectors-learn.ts [epochs, 6] [names, divided by commas]
 */
import '@tensorflow/tfjs-backend-wasm';
import { detectBackend } from 'salad-ad/backend';
import * as baselines from 'salad-ad/baselines';
import { none } from 'salad-ad/data';
import { areaUnderRoc, distinctScores } from 'salad-ad/metrics';
import { enableWasmTraining } from 'salad-ad/wasm';
import { loadChestXrays } from '../../examples/chest-xray/data.js';

const [epochs = '6', names] = process.argv.slice(2);
const resize = { method: 'area', fit: 'stretch' } as const;
const images = { inputShape: [32, 32, 1], resize, seed: 1 } as const;
const network = { ...images, epochs: Number(epochs) };
const faster = { ...network, learningRate: 1e-3 };
const salad = {
  backbone: { kind: 'convAutoencoder', inputShape: [32, 32, 1] },
  resize,
  seed: 1,
} as const;
const memDae = () => baselines.memDae({ ...salad, pretrainEpochs: Number(epochs), rounds: 0 });

const onNormals: Record<string, () => baselines.Detector> = {
  'mean intensity': () => baselines.meanIntensity(images),
  'texture, local contrast': () => baselines.texture(images),
  'texture, Laplacian': () => baselines.texture({ ...images, measure: 'laplacian' }),
  'raw pixels, plain': () => baselines.pixelBank({ ...images, imageNormalization: none() }),
  'raw pixels, localContrast': () => baselines.pixelBank(images),
  'one-class SVM on pixels': () => baselines.oneClassSvm({ ...images, nu: 0.1 }),
  'isolation forest on pixels': () => baselines.isolationForest(images),
  'LOF on pixels': () => baselines.localOutlierFactor(images),
  'untrained encoder': () => baselines.untrainedEncoder(salad),
  MemDAE: memDae,
  'one-class SVM on MemDAE': () => baselines.oneClassSvm({ ...images, nu: 0.1, features: memDae }),
  'LOF on MemDAE': () => baselines.localOutlierFactor({ ...images, features: memDae }),
  'denoising autoencoder': () => baselines.denoisingAutoencoder(network),
  'Deep SVDD': () => baselines.deepSvdd(network),
  'Deep SVDD, lr 1e-3': () => baselines.deepSvdd(faster),
  'Deep SVDD, soft boundary, lr 1e-3': () =>
    baselines.deepSvdd({ ...faster, objective: 'softBoundary', warmUpEpochs: 3 }),
  geometric: () => baselines.geometricTransformations({ ...network, validateEvery: 1000 }),
  'adversarial one-class': () => baselines.adversarialOneClass(network),
  'the same with a gradient penalty': () =>
    baselines.adversarialOneClass({ ...network, adversary: 'wasserstein' }),
};
const withKnownAnomalies: typeof onNormals = {
  'logistic regression, plain pixels': () =>
    baselines.logisticRegression({ ...images, imageNormalization: none() }),
  'Deep SAD, lr 1e-3': () => baselines.deepSad({ ...faster, pretrainEpochs: Number(epochs) }),
  'ResNet-18 of width 16': () => baselines.resnetClassifier({ ...network, width: 16 }),
};

await detectBackend();
await enableWasmTraining();
console.log('| detector | known | validation AUC | distinct | seconds |\n|---|---|---|---|---|');
for (const [ratio, detectors] of [
  [0, onNormals],
  [0.05, withKnownAnomalies],
] as const) {
  const { train, validation } = await loadChestXrays({ anomalyRatio: ratio, seed: 1 });
  for (const [name, create] of Object.entries(detectors)) {
    if (names && !names.split(',').includes(name)) continue;
    const began = performance.now();
    const detector = create();
    await detector.fit(train, { validation, onWarning: ({ message }) => console.warn(message) });
    const { scores } = await detector.score(validation);
    const area = areaUnderRoc(scores, validation.labels).toFixed(3).replace(/^0/, '');
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    const known = ratio === 0 ? '' : `${100 * ratio}%`;
    console.log(`| ${name} | ${known} | ${area} | ${distinctScores(scores)} | ${seconds} |`);
    detector.dispose();
  }
}
