import { check } from '../support/check.js';
import { countBelow } from './count-below.js';
import type { IsotonicCalibration } from './isotonic-calibration.js';
import { checkAllFinite } from './labelled-scores.js';
import { type LogisticCalibration, logistic } from './logistic-calibration.js';

/** What turns scores into probabilities of an anomaly; plain JSON, to be kept with the model. */
export type Calibration = IsotonicCalibration | LogisticCalibration;

/**
 * Probabilities of an anomaly, by a calibration that was fitted on other images.
 *
 * @param calibration From `calibrate.logistic` or `calibrate.isotonic`, or read back from
 * JSON.
 * @param scores [count], finite.
 * @returns [count], in [0, 1].
 * @throws NOT_FINITE, INVALID_OPTION for a calibration that is none
 * @example
 * const calibration = calibrate.logistic([1, 2, 3, 4], [0, 1, 0, 1]);
 * const kept = JSON.stringify(calibration);
 * calibrate.apply(JSON.parse(kept), [2.5]); // 0.5
 */
export function calibratedProbabilities(
  calibration: Calibration,
  scores: ArrayLike<number>,
): Float64Array {
  const where = 'calibrate.apply';
  checkCalibration(where, calibration);
  checkAllFinite(where, 'scores', scores);
  if (calibration.kind === 'isotonic') {
    return Float64Array.from(scores, (score) => interpolate(calibration, score));
  }
  const { slope, intercept } = calibration;
  return Float64Array.from(scores, (score) => logistic(slope * score + intercept));
}

function interpolate({ scores, probabilities }: IsotonicCalibration, score: number): number {
  const above = countBelow(scores, score);
  if (above === 0) return probabilities[0];
  if (above === scores.length) return probabilities[above - 1];
  const share = (score - scores[above - 1]) / (scores[above] - scores[above - 1]);
  const low = probabilities[above - 1];
  // At a point of the curve exactly its value: low + (high - low) may miss high by a rounding.
  return share === 1 ? probabilities[above] : low + share * (probabilities[above] - low);
}

function checkCalibration(where: string, calibration: Calibration): void {
  check(
    calibration?.kind === 'isotonic'
      ? isCurve(calibration)
      : calibration?.kind === 'logistic' &&
          Number.isFinite(calibration.slope) &&
          Number.isFinite(calibration.intercept),
    'INVALID_OPTION',
    () =>
      `${where}: calibration is ${String(JSON.stringify(calibration)).slice(0, 80)}; expected what ` +
      'calibrate.logistic or calibrate.isotonic returned.',
  );
}

function isCurve({ scores, probabilities }: IsotonicCalibration): boolean {
  return (
    Array.isArray(scores) &&
    Array.isArray(probabilities) &&
    scores.length > 0 &&
    scores.length === probabilities.length &&
    scores.every((score, i) => Number.isFinite(score) && !(score <= scores[i - 1])) &&
    probabilities.every((p, i) => p >= 0 && p <= 1 && !(p < probabilities[i - 1]))
  );
}
