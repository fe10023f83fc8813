import { beforeAll, expect, it } from 'vitest';
import {
  adversarialOneClass,
  type Detector,
  deepSad,
  deepSvdd,
  denoisingAutoencoder,
  geometricTransformations,
  isolationForest,
  localOutlierFactor,
  memDae,
  oneClassSvm,
  resnetClassifier,
} from '../../src/baselines/index.js';
import { none } from '../../src/index.js';
import { areaUnderRoc } from '../../src/metrics/index.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { mixed, normals, tinyBackbone } from '../model/tiny.js';
import { useBackend } from '../support/backends.js';

// Bands across the image are normal, bands along it are not: whoever learns tells them apart. A wrong sign
// anywhere shows as an area near 0.

const shared = {
  inputShape: [8, 8, 1],
  imageNormalization: none(),
  augmentation: { shift: 0, rotation: 0, scale: 0 },
  batchSize: 8,
  learningRate: 5e-3,
  seed: 2,
} as const;
const network = { ...shared, channels: [8, 8], embeddingSize: 8 } as const;
const { learningRate: _, batchSize: __, augmentation: ___, ...plain } = shared;

const features = () =>
  memDae({ backbone: tinyBackbone(), imageNormalization: none(), pretrainEpochs: 10, rounds: 0 });

beforeAll(async () => {
  await useBackend('wasm');
  await enableWasmTraining();
});

async function areaOf(detector: Detector, known: number): Promise<number> {
  await detector.fit(known > 0 ? mixed(40, known) : normals(40));
  const validation = mixed(20, 20, 9);
  const { scores } = await detector.score(validation);
  detector.dispose();
  return areaUnderRoc(scores, validation.labels ?? []);
}

it.each<[name: string, create: () => Detector, known: number]>([
  ['denoisingAutoencoder', () => denoisingAutoencoder({ ...network, epochs: 20 }), 0],
  ['deepSvdd', () => deepSvdd({ ...network, epochs: 8, pretrainEpochs: 8 }), 0],
  [
    'deepSvdd, soft-boundary',
    () =>
      deepSvdd({
        ...network,
        epochs: 8,
        pretrainEpochs: 8,
        objective: 'softBoundary',
        warmUpEpochs: 3,
      }),
    0,
  ],
  ['deepSad', () => deepSad({ ...network, epochs: 20, pretrainEpochs: 5 }), 4],
  [
    'geometricTransformations',
    () => geometricTransformations({ ...shared, channels: [8, 8], translation: 0, epochs: 20 }),
    0,
  ],
  ['adversarialOneClass, logistic', () => adversarialOneClass({ ...network, epochs: 20 }), 0],
  [
    'adversarialOneClass, wasserstein',
    () => adversarialOneClass({ ...network, epochs: 20, adversary: 'wasserstein' }),
    0,
  ],
  ['resnetClassifier', () => resnetClassifier({ ...shared, width: 4, epochs: 10 }), 4],
  ['oneClassSvm', () => oneClassSvm({ ...plain, nu: 0.1 }), 0],
  ['isolationForest', () => isolationForest(plain), 0],
  ['localOutlierFactor', () => localOutlierFactor({ ...plain, neighbors: 5 }), 0],
  [
    'localOutlierFactor on embeddings',
    () => localOutlierFactor({ ...plain, neighbors: 5, features: features() }),
    0,
  ],
])('%s tells bands across from bands along', async (name, create, known) => {
  // Single pixels, all that a forest looks at, say little here.
  const least = name === 'isolationForest' ? 0.7 : 0.9;
  expect(await areaOf(create(), known)).toBeGreaterThan(least);
});
