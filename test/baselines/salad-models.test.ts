import { memDae, untrainedEncoder } from '../../src/baselines/index.js';
import { none } from '../../src/index.js';
import { tinyModel, tinyOptions } from '../model/tiny.js';
import { describeDetector } from './conformance.js';

const salad = { imageNormalization: none(), batchSize: 6, scoreNeighbors: 3 };
const drawn = { usesLabels: true, drawn: true };

describeDetector('SaladModel', {
  ...drawn,
  epochs: true,
  create: (seed) => tinyModel({ backbone: tinyOptions, seed }),
});
describeDetector('memDae', {
  ...drawn,
  epochs: true,
  create: (seed) => memDae({ ...salad, backbone: tinyOptions, seed, pretrainEpochs: 2, rounds: 0 }),
});
describeDetector('untrainedEncoder', {
  ...drawn,
  epochs: false,
  create: (seed) => untrainedEncoder({ ...salad, backbone: tinyOptions, seed }),
});
