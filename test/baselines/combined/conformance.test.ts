import { combinedDetector } from '../../../src/baselines/index.js';
import { none, SaladModel } from '../../../src/index.js';
import { tinyOptions } from '../../model/tiny.js';
import { describeDetector } from '../conformance.js';

const model = (seed: number) =>
  SaladModel.create({
    backbone: tinyOptions,
    imageNormalization: none(),
    pretrainEpochs: 2,
    rounds: 0,
    batchSize: 6,
    scoreNeighbors: 3,
    seed,
  });

describeDetector('combinedDetector', {
  usesLabels: true,
  epochs: true,
  drawn: true,
  create: (seed) =>
    combinedDetector({ models: { own: model(seed) }, terms: ['own.embedding', 'own.error'] }),
});
