import {
  logisticRegression,
  meanIntensity,
  pixelBank,
  texture,
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
describeDetector('meanIntensity', {
  ...fixed,
  create: () => meanIntensity(images),
});
describeDetector('texture', {
  ...fixed,
  create: () => texture({ ...images, measure: 'laplacian' }),
});
describeDetector('logisticRegression', {
  ...fixed,
  usesLabels: true,
  create: () => logisticRegression(images),
});
