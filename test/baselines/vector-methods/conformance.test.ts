import {
  isolationForest,
  localOutlierFactor,
  memDae,
  oneClassSvm,
} from '../../../src/baselines/index.js';
import { none } from '../../../src/index.js';
import { tinyOptions } from '../../model/tiny.js';
import { describeDetector } from '../conformance.js';

const images = { inputShape: [8, 8, 1], imageNormalization: none() } as const;
const salad = { imageNormalization: none(), batchSize: 6, scoreNeighbors: 3 };
const fixed = { usesLabels: false, epochs: false, drawn: false };
/** A model whose embeddings are looked at. */
const features = (seed: number) =>
  memDae({ ...salad, backbone: tinyOptions, seed, pretrainEpochs: 1, rounds: 0 });

describeDetector('oneClassSvm', { ...fixed, create: () => oneClassSvm(images) });
describeDetector('oneClassSvm on embeddings', {
  ...fixed,
  drawn: true,
  create: (seed) => oneClassSvm({ inputShape: [8, 8, 1], nu: 0.2, seed, features }),
});
describeDetector('localOutlierFactor', {
  ...fixed,
  create: () => localOutlierFactor({ ...images, neighbors: 3 }),
});
describeDetector('isolationForest', {
  ...fixed,
  drawn: true,
  create: (seed) => isolationForest({ ...images, seed, trees: 20 }),
});
