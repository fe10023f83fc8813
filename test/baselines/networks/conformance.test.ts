import {
  adversarialOneClass,
  type ConvNetworkOptions,
  deepSad,
  deepSvdd,
  denoisingAutoencoder,
  geometricTransformations,
  resnetClassifier,
} from '../../../src/baselines/index.js';
import { none } from '../../../src/index.js';
import { describeDetector } from '../conformance.js';

const images = { inputShape: [8, 8, 1], imageNormalization: none() } as const;
const network = (seed: number): ConvNetworkOptions => ({
  ...images,
  seed,
  channels: [4, 4],
  embeddingSize: 6,
  epochs: 3,
  batchSize: 6,
});

const learnsInEpochs = { usesLabels: false, epochs: true, drawn: true };

describeDetector('denoisingAutoencoder', {
  ...learnsInEpochs,
  create: (seed) => denoisingAutoencoder(network(seed)),
});
describeDetector('deepSvdd, oneClass', {
  ...learnsInEpochs,
  create: (seed) => deepSvdd(network(seed)),
});
describeDetector('deepSvdd, softBoundary', {
  ...learnsInEpochs,
  create: (seed) =>
    deepSvdd({ ...network(seed), objective: 'softBoundary', pretrainEpochs: 1, warmUpEpochs: 1 }),
});
describeDetector('deepSad', {
  ...learnsInEpochs,
  usesLabels: true,
  create: (seed) => deepSad({ ...network(seed), pretrainEpochs: 1 }),
});
describeDetector('geometricTransformations', {
  ...learnsInEpochs,
  create: (seed) => {
    const { embeddingSize: _, ...options } = network(seed);
    return geometricTransformations(options);
  },
});
// Three networks, and eighteen layers: minutes in plain JavaScript.
describeDetector('adversarialOneClass, logistic', {
  ...learnsInEpochs,
  backends: ['wasm'],
  create: (seed) => adversarialOneClass(network(seed)),
});
describeDetector('adversarialOneClass, wasserstein', {
  ...learnsInEpochs,
  backends: ['wasm'],
  create: (seed) =>
    adversarialOneClass({
      ...network(seed),
      ...{ adversary: 'wasserstein', adversarySteps: 2, score: 'embedding' },
    }),
});
describeDetector('resnetClassifier', {
  ...learnsInEpochs,
  backends: ['wasm'],
  usesLabels: true,
  create: (seed) => {
    const { channels: _, embeddingSize: __, ...options } = network(seed);
    return resnetClassifier({ ...options, width: 2 });
  },
});
