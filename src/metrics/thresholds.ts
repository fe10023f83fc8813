/** The functions of `thresholds`: each finds, on validation images, the score from which images are flagged. */

export {
  costThreshold as cost,
  f1Threshold as f1,
  youdenThreshold as youden,
} from './best-thresholds.js';
export {
  thresholdAtQuantile as atQuantile,
  thresholdAtSensitivity as atSensitivity,
  thresholdAtSpecificity as atSpecificity,
} from './thresholds-at-rates.js';
