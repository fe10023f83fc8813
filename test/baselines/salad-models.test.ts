import { memDae, untrainedEncoder } from '../../src/baselines/index.js';
import { none } from '../../src/index.js';
import { tinyBackbone, tinyModel } from '../model/tiny.js';
import { describeDetector } from './conformance.js';

const salad = { imageNormalization: none(), batchSize: 6, scoreNeighbors: 3 };
const drawn = { usesLabels: true, drawn: true };

describeDetector('SaladModel', { ...drawn, epochs: true, create: (seed) => tinyModel({ seed }) });
describeDetector('memDae', {
  ...drawn,
  epochs: true,
  create: (seed) =>
    memDae({ ...salad, backbone: tinyBackbone(seed), pretrainEpochs: 2, rounds: 0 }),
});
describeDetector('untrainedEncoder', {
  ...drawn,
  epochs: false,
  create: (seed) => untrainedEncoder({ ...salad, backbone: tinyBackbone(seed) }),
});
