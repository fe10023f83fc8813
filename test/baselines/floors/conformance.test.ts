import {
  logisticRegressionDetector,
  meanIntensityDetector,
  pixelBank,
  textureDetector,
} from '../../../src/baselines/index.js';
import { none } from '../../../src/index.js';
import { describeDetector } from '../conformance.js';

const images = { inputShape: [8, 8, 1], imageNormalization: none() } as const;
const fixed = { usesLabels: false, epochs: false, drawn: false };

describeDetector('pixelBank', {
  ...fixed,
  usesLabels: true,
  create: () => pixelBank({ ...images, scoreNeighbors: 2 }),
});
describeDetector('meanIntensityDetector', {
  ...fixed,
  create: () => meanIntensityDetector(images),
});
describeDetector('textureDetector', {
  ...fixed,
  create: () => textureDetector({ ...images, measure: 'laplacian' }),
});
describeDetector('logisticRegressionDetector', {
  ...fixed,
  usesLabels: true,
  create: () => logisticRegressionDetector(images),
});
