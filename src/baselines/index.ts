/** What a detector is compared with: other detectors of the literature, and simple baselines that learn little or nothing. */
// Registers the gradients, which tfjs-core alone does not in Node.
import '@tensorflow/tfjs-layers';

export type {
  Detector,
  DetectorConfig,
  DetectorFitOptions,
  DetectorScores,
  FitHistory,
} from '../learning/detector.js';
export type { CombinedDetector } from './combined/combined-detector.js';
export type { CombinedScores } from './combined/combined-scores.js';
export { combinedDetector } from './combined/sum-of-models.js';
export type { CombinedDetectorOptions } from './combined/terms.js';
export type { PixelBlock } from './detector/pixel-block.js';
export type { DetectorOptions, TrainingOptions } from './detector/settings.js';
export { detectorFromConfig, loadDetector } from './load-detector.js';
export {
  type AdversarialOneClassOptions,
  adversarialOneClass,
} from './networks/adversarial-one-class.js';
export { type DeepSadOptions, deepSad } from './networks/deep-sad.js';
export { type DeepSvddOptions, deepSvdd } from './networks/deep-svdd.js';
export {
  type DenoisingAutoencoderOptions,
  denoisingAutoencoder,
} from './networks/denoising-autoencoder.js';
export {
  type GeometricTransformationsOptions,
  geometricTransformations,
} from './networks/geometric-transformations.js';
export { type ResnetClassifierOptions, resnetClassifier } from './networks/resnet-classifier.js';
export { memDae, untrainedEncoder } from './salad-variants.js';
export { fitLogisticRegression, type LogisticRegression } from './simple/logistic-regression.js';
export {
  type LogisticRegressionOptions,
  logisticRegression,
} from './simple/logistic-regression-detector.js';
export { meanIntensityScores, textureScores } from './simple/one-number.js';
export {
  meanIntensity,
  type TextureOptions,
  texture,
} from './simple/one-number-detectors.js';
export { pixelBankScores } from './simple/pixel-bank.js';
export { type PixelBankOptions, pixelBank } from './simple/pixel-bank-detector.js';
export type { ConvNetworkOptions } from './training/conv-options.js';
export type { FeatureOptions } from './vector-methods/feature-detector.js';
export { type IsolationForestOptions, isolationForest } from './vector-methods/isolation-forest.js';
export {
  type LocalOutlierFactorOptions,
  localOutlierFactor,
} from './vector-methods/local-outlier-factor.js';
export { type OneClassSvmOptions, oneClassSvm } from './vector-methods/one-class-svm.js';
