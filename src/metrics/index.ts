export type { CurveBand } from './bands.js';
export { precisionRecallBand, rocBand } from './bands.js';
export type { CostOptions } from './best-thresholds.js';
export { costThreshold, f1Threshold, youdenThreshold } from './best-thresholds.js';
export type { BootstrapInterval } from './bootstrap.js';
export { bootstrapInterval, pick } from './bootstrap.js';
export type { BrierDecomposition } from './brier.js';
export { brierDecomposition, brierScore } from './brier.js';
export type { Calibration } from './calibration.js';
export { calibratedProbabilities } from './calibration.js';
export type { Confusion } from './confusion.js';
export { confusionAt } from './confusion.js';
export type { DecisionCurve, DecisionCurveOptions } from './decision-curve.js';
export { decisionCurve } from './decision-curve.js';
export type { AreaInterval, LevelOptions, PairedAreaTest } from './delong.js';
export { delongInterval, delongTest } from './delong.js';
export { distinctScores } from './distinct-scores.js';
export type { Interval } from './interval.js';
export type { IsotonicCalibration } from './isotonic-calibration.js';
export { fitIsotonicCalibration } from './isotonic-calibration.js';
export type { LogisticCalibration } from './logistic-calibration.js';
export { fitLogisticCalibration } from './logistic-calibration.js';
export type { OperatingRate } from './operating-rates.js';
export { sensitivityAtSpecificity, specificityAtSensitivity } from './operating-rates.js';
export type { PartialArea, RocRegion } from './partial-area.js';
export { partialAreaUnderRoc } from './partial-area.js';
export type { PrecisionRecallCurve } from './precision-recall.js';
export { averagePrecision, precisionRecallCurve, prevalence } from './precision-recall.js';
export { probabilitiesAtPrevalence } from './prevalence-shift.js';
export type { BinOptions, ReliabilityBin, ReliabilityOptions } from './reliability.js';
export { expectedCalibrationError, reliabilityBins } from './reliability.js';
export type { BootstrapOptions } from './resamples.js';
export type { RocCurve } from './roc.js';
export { areaUnderRoc, rocCurve } from './roc.js';
export type { StratifiedArea, StratumArea } from './strata.js';
export { areaUnderRocWithin, quartiles } from './strata.js';
export {
  thresholdAtQuantile,
  thresholdAtSensitivity,
  thresholdAtSpecificity,
} from './thresholds-at-rates.js';
export { wilsonInterval } from './wilson.js';
