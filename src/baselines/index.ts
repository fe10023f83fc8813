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
export type { ConvNetworkOptions } from './conv-options.js';
export { type DenoisingAutoencoderOptions, denoisingAutoencoder } from './dae.js';
export { type DeepSadOptions, deepSad } from './deep-sad.js';
export { type DeepSvddOptions, deepSvdd } from './deep-svdd.js';
export type { FeatureOptions } from './feature-detector.js';
export { type AdversarialOneClassOptions, adversarialOneClass } from './gan.js';
export { type GeometricOptions, geometricTransformations } from './geometric.js';
export type { HypersphereOptions } from './hypersphere.js';
export { type IsolationForestOptions, isolationForest } from './isolation-forest.js';
export { type DetectorPieces, detectorFromConfig, loadDetector } from './load-detector.js';
export { type LocalOutlierFactorOptions, localOutlierFactor } from './local-outlier-factor.js';
export {
  fitLogisticRegression,
  type LogisticRegression,
  type LogisticRegressionOptions,
} from './logistic-regression.js';
export {
  type LogisticRegressionDetectorOptions,
  logisticRegressionDetector,
} from './logistic-regression-detector.js';
export { type OneClassSvmOptions, oneClassSvm } from './one-class-svm.js';
export { meanIntensity, type TextureScores, textureScores } from './one-number.js';
export {
  meanIntensityDetector,
  type TextureDetectorOptions,
  textureDetector,
} from './one-number-detectors.js';
export { type PixelBankOptions, type PixelBankScores, pixelBankScores } from './pixel-bank.js';
export { type PixelBankDetectorOptions, pixelBank } from './pixel-bank-detector.js';
export type { PreparedImages } from './prepared-images.js';
export { type ResnetClassifierOptions, resnetClassifier } from './resnet-classifier.js';
export { memDae, untrainedEncoder } from './salad-variants.js';
export type { DetectorOptions, TrainingOptions } from './settings.js';
