/** What a detector is compared with: other detectors of the literature, and floors that learn little or nothing. */
// Registers the gradients, which tfjs-core alone does not in Node.
import '@tensorflow/tfjs-layers';

export type {
  Detector,
  DetectorConfig,
  DetectorFitOptions,
  DetectorScores,
  FitEpoch,
  FitHistory,
} from '../core/detector.js';
export type { PixelBlock } from './detector/pixel-block.js';
export type { DetectorOptions, TrainingOptions } from './detector/settings.js';
export {
  fitLogisticRegression,
  type LogisticRegression,
  type LogisticRegressionOptions,
} from './floors/logistic-regression.js';
export {
  type LogisticRegressionDetectorOptions,
  logisticRegressionDetector,
} from './floors/logistic-regression-detector.js';
export { meanIntensity, type TextureScores, textureScores } from './floors/one-number.js';
export {
  meanIntensityDetector,
  type TextureDetectorOptions,
  textureDetector,
} from './floors/one-number-detectors.js';
export {
  type PixelBankOptions,
  type PixelBankScores,
  pixelBankScores,
} from './floors/pixel-bank.js';
export { type PixelBankDetectorOptions, pixelBank } from './floors/pixel-bank-detector.js';
export { type DetectorPieces, detectorFromConfig, loadDetector } from './load-detector.js';
export { type DenoisingAutoencoderOptions, denoisingAutoencoder } from './networks/dae.js';
export { type DeepSadOptions, deepSad } from './networks/deep-sad.js';
export { type DeepSvddOptions, deepSvdd } from './networks/deep-svdd.js';
export { type AdversarialOneClassOptions, adversarialOneClass } from './networks/gan.js';
export { type GeometricOptions, geometricTransformations } from './networks/geometric.js';
export type { HypersphereOptions } from './networks/hypersphere.js';
export { type ResnetClassifierOptions, resnetClassifier } from './networks/resnet-classifier.js';
export { memDae, untrainedEncoder } from './salad-variants.js';
export type { ConvNetworkOptions } from './training/conv-options.js';
export type { FeatureOptions } from './vector-methods/feature-detector.js';
export { type IsolationForestOptions, isolationForest } from './vector-methods/isolation-forest.js';
export {
  type LocalOutlierFactorOptions,
  localOutlierFactor,
} from './vector-methods/local-outlier-factor.js';
export { type OneClassSvmOptions, oneClassSvm } from './vector-methods/one-class-svm.js';
