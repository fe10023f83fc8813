import type { Detector } from '../core/detector.js';
import { adversarialOneClass } from './networks/adversarial-one-class.js';
import { deepSad } from './networks/deep-sad.js';
import { deepSvdd } from './networks/deep-svdd.js';
import { denoisingAutoencoder } from './networks/denoising-autoencoder.js';
import { geometricTransformations } from './networks/geometric-transformations.js';
import { resnetClassifier } from './networks/resnet-classifier.js';
import { logisticRegression } from './simple/logistic-regression-detector.js';
import { meanIntensity, texture } from './simple/one-number-detectors.js';
import { pixelBank } from './simple/pixel-bank-detector.js';
import { isolationForest } from './vector-methods/isolation-forest.js';
import { localOutlierFactor } from './vector-methods/local-outlier-factor.js';
import { oneClassSvm } from './vector-methods/one-class-svm.js';

// biome-ignore lint/suspicious/noExplicitAny: each factory checks its own options
type Factories = Readonly<Record<string, (options: any) => Detector>>;

/** The detectors that learn in epochs, which `keep` chooses among. A kind is the name of its factory. */
export const kindsInEpochs: Factories = Object.freeze({
  adversarialOneClass,
  deepSad,
  deepSvdd,
  denoisingAutoencoder,
  geometricTransformations,
  resnetClassifier,
});

/** The factories of all detectors but `SaladModel`, by kind. */
export const detectorKinds: Factories = Object.freeze({
  ...kindsInEpochs,
  isolationForest,
  localOutlierFactor,
  logisticRegression,
  meanIntensity,
  oneClassSvm,
  pixelBank,
  texture,
});
