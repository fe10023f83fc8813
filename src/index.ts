/**
 * SALAD: anomaly detection on X-rays for TensorFlow.js. You choose the backend; this library never
 * imports, sets or bundles one.
 */
// Registers the gradients, which tfjs-core alone does not in Node.
import '@tensorflow/tfjs-layers';

export type { Backbone, Encoded } from './backbones/backbone.js';
export { type ConvAutoencoderOptions, convAutoencoder } from './backbones/conv-autoencoder.js';
export type { BackboneOptions } from './backbones/from-config.js';
export { layersBackbone } from './backbones/layers-backbone.js';
export {
  type ResnetAutoencoderOptions,
  resnetAutoencoder,
} from './backbones/resnet-autoencoder.js';
export { CellBank } from './cells/cell-bank.js';
export { type CellReading, cellScore } from './cells/cell-score.js';
export { type CellOptions, cellsOf } from './cells/cells-of.js';
export type { OriginalCells } from './cells/original-cells.js';
export {
  angularScore,
  anomalyScore,
  relativeScore,
  type ScoreMethod,
} from './core/anomaly-score.js';
export { type BankAngles, type BankAnglesOptions, bankAngles } from './core/bank-angles.js';
export type { BankLike } from './core/bank-like.js';
export {
  fitScoreNormalizer,
  fitThreshold,
  normalizeScore,
  type ScoreNormalizer,
  type ScoreThreshold,
} from './core/calibration.js';
export { checkEmbeddings } from './core/check-embeddings.js';
export { combinedScore, type ScoreTerm } from './core/combined-score.js';
export type {
  AggregationLossOptions,
  LatentLossOptions,
  SampleSpecificLossOptions,
} from './core/loss-options.js';
export { aggregationLoss, latentLoss, sampleSpecificLoss } from './core/losses.js';
export { MemoryBank } from './core/memory-bank.js';
export {
  ProgressiveNeighborhoodScheduler,
  selectAnchors,
} from './core/neighborhood-scheduler.js';
export {
  findNeighborhoods,
  type NeighborhoodOptions,
  type Neighborhoods,
} from './core/neighborhoods.js';
export { logMass, logPartition, type PartitionOptions } from './core/partition.js';
export { type ReconstructionLossOptions, reconstructionLoss } from './core/reconstruction-loss.js';
export { type SaladLossOptions, saladLoss } from './core/salad-loss.js';
export { arraySource } from './data/array-source.js';
export {
  type Augmentation,
  chestAugmentation,
  noAugmentation,
  slightAugmentation,
} from './images/augmentation.js';
export { equalize } from './images/equalize.js';
export {
  customNormalization,
  type ImageNormalization,
  none,
} from './images/image-normalization.js';
export type { ImageRecipe } from './images/image-recipe.js';
export type { ImageSource } from './images/image-source.js';
export { localContrast } from './images/local-contrast.js';
export type { ImageBatch, ImageShape } from './images/pixels.js';
export type { Preparation } from './images/preparation.js';
export type { ImageProblem } from './images/problems.js';
export type { ResizePolicy } from './images/resize.js';
export type { Images } from './learning/as-source.js';
export type {
  Detector,
  DetectorConfig,
  DetectorFitOptions,
  DetectorScores,
  FitHistory,
} from './learning/detector.js';
export type { AdjustableModel } from './model/adjustable-model.js';
export type { CalibrationOptions } from './model/calibrated.js';
export type { CellSettings } from './model/cell-settings.js';
export type { ScoreOptions } from './model/compare.js';
export type { EmbeddingModel } from './model/embedding-model.js';
export type { EpochLog, History } from './model/history.js';
export type { CellPlace, NearestCell } from './model/nearest-cells.js';
export { defaultSettings, type SaladOptions, type SaladSettings } from './model/options.js';
export { muraPreset, nihPreset } from './model/presets.js';
export type { NearestImage, ScoreResult } from './model/results.js';
export { SaladModel } from './model/salad-model.js';
export { scheduleFor } from './model/schedule.js';
export type { ScoreFilesOptions } from './model/score-files.js';
export type { ScoringModel } from './model/scoring-model.js';
export type { StepLog, Trainer } from './model/trainer.js';
export type {
  FitOptions,
  SaladCallbacks,
} from './model/training-options.js';
export type { StoreFacts, UseStoreOptions } from './model/use-store.js';
export { type DecisionThreshold, thresholdText } from './support/decision-threshold.js';
export { isSaladError, SaladError, type SaladErrorCode } from './support/errors.js';
export type { Progress } from './support/progress.js';
export type { SaladWarning } from './support/warning.js';
