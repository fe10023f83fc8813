/** The functions of `calibrate`: from scores to probabilities of an anomaly. */

export { calibratedProbabilities as apply } from './calibration.js';
export { fitIsotonicCalibration as isotonic } from './isotonic-calibration.js';
export { fitLogisticCalibration as logistic } from './logistic-calibration.js';
export { probabilitiesAtPrevalence as toPrevalence } from './prevalence-shift.js';
