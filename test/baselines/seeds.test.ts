import { beforeAll, describe, expect, it } from 'vitest';
import type { Detector } from '../../src/baselines/index.js';
import * as baselines from '../../src/baselines/index.js';
import { convAutoencoder, none, SaladModel } from '../../src/index.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { mixed } from '../model/tiny.js';
import { useBackend } from '../support/backends.js';

beforeAll(async () => {
  await useBackend('wasm');
  await enableWasmTraining();
});

const inputShape = [8, 8, 1] as const;
const salad = { imageNormalization: none(), batchSize: 6, scoreNeighbors: 3 };
const backbone = { kind: 'convAutoencoder', inputShape, channels: [4], embeddingSize: 8 } as const;
const untrained = { ...salad, pretrainEpochs: 0, rounds: 0 };

/** Without an epoch: what differs are the weights that a network begins with. */
const network = (seed: number) =>
  ({ inputShape, imageNormalization: none(), channels: [4], epochs: 0, seed }) as const;
const images = (seed: number) => ({ inputShape, imageNormalization: none(), seed }) as const;
const features = (seed: number) => baselines.untrainedEncoder({ ...salad, backbone, seed });

/** Every detector whose scores a seed changes, by the function that makes it. */
const drawn: Record<string, (seed: number) => Detector> = {
  adversarialOneClass: (seed) => baselines.adversarialOneClass(network(seed)),
  'adversarialOneClass, by its second encoder': (seed) =>
    baselines.adversarialOneClass({ ...network(seed), score: 'embedding' }),
  combinedDetector: (seed) =>
    baselines.combinedDetector({
      models: { own: SaladModel.create({ ...untrained, backbone, seed }) },
      terms: ['own.embedding', 'own.error'],
    }),
  deepSad: (seed) => baselines.deepSad({ ...network(seed), pretrainEpochs: 0 }),
  deepSvdd: (seed) => baselines.deepSvdd(network(seed)),
  denoisingAutoencoder: (seed) => baselines.denoisingAutoencoder(network(seed)),
  geometricTransformations: (seed) => baselines.geometricTransformations(network(seed)),
  isolationForest: (seed) => baselines.isolationForest(images(seed)),
  'isolationForest on embeddings': (seed) =>
    baselines.isolationForest({ ...images(seed), features }),
  'localOutlierFactor on embeddings': (seed) =>
    baselines.localOutlierFactor({ ...images(seed), neighbors: 3, features }),
  memDae: (seed) => baselines.memDae({ ...untrained, backbone, seed }),
  'oneClassSvm on embeddings': (seed) => baselines.oneClassSvm({ ...images(seed), features }),
  resnetClassifier: (seed) => {
    const { channels: _, ...options } = network(seed);
    return baselines.resnetClassifier({ ...options, width: 2 });
  },
  untrainedEncoder: features,
  SaladModel: (seed) => SaladModel.create({ ...untrained, backbone, seed }),
  'SaladModel by a function': (seed) =>
    SaladModel.create({
      ...untrained,
      backbone: (own) => convAutoencoder({ inputShape, channels: [4], seed: own }),
      seed,
    }),
};

/** Those that draw nothing. */
const undrawn: Record<string, (seed: number) => Detector> = {
  localOutlierFactor: (seed) => baselines.localOutlierFactor({ ...images(seed), neighbors: 3 }),
  logisticRegression: (seed) => baselines.logisticRegression(images(seed)),
  meanIntensity: (seed) => baselines.meanIntensity(images(seed)),
  oneClassSvm: (seed) => baselines.oneClassSvm(images(seed)),
  pixelBank: (seed) => baselines.pixelBank(images(seed)),
  texture: (seed) => baselines.texture(images(seed)),
};

async function scoresOf(detector: Detector): Promise<number[]> {
  await detector.fit(mixed(10, 4));
  const { scores } = await detector.score(mixed(4, 4, 2));
  detector.dispose();
  return Array.from(scores);
}

describe('the seed of a detector reaches all that is drawn', () => {
  it.each(Object.entries(drawn))('%s', async (_, create) => {
    const first = await scoresOf(create(1));
    expect(await scoresOf(create(1))).toEqual(first);
    expect(await scoresOf(create(2))).not.toEqual(first);
  });

  it.each(Object.entries(undrawn))('%s draws nothing', async (_, create) => {
    expect(await scoresOf(create(2))).toEqual(await scoresOf(create(1)));
  });

  it('of every detector that there is', () => {
    const others = [
      'detectorFromConfig',
      'fitLogisticRegression',
      'loadDetector',
      'meanIntensityScores',
      'pixelBankScores',
      'textureScores',
    ];
    const known = new Set([...Object.keys(drawn), ...Object.keys(undrawn), ...others]);
    expect(Object.keys(baselines).filter((name) => !known.has(name))).toEqual([]);
  });
});
