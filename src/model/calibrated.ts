import { normalizerFrom, type ScoreNormalizer, thresholdFrom } from '../core/calibration.js';
import { fewValidationAnomalies, fewValidationNormals } from '../core/warning.js';
import { check, checkNumber } from '../support/check.js';
import type { DecisionThreshold, ObservedRates } from '../support/decision-threshold.js';
import { sensitiveThreshold } from '../support/promised-threshold.js';
import type { SaladWarning } from '../support/warning.js';
import type { ModelState } from './model-state.js';

/** How a threshold is chosen, by one of the first three, and scores are mapped for people. */
export interface CalibrationOptions {
  /** Share of normals meant to stay below the threshold, in (0, 1]. @defaultValue 0.95, where neither of the next two is given */
  readonly quantile?: number;
  /** Share of abnormal images meant to reach the threshold, in (0, 1]; needs images of both classes. @defaultValue none */
  readonly sensitivity?: number;
  /** A threshold of your own, in units of `scores`. @defaultValue none */
  readonly threshold?: number;
  /** How scores become `normalized`: the share of normals below, or (s - low) / (high - low). @defaultValue 'empirical' */
  readonly normalizer?: ScoreNormalizer['method'];
  /** Called where so few images cannot promise the rate that is asked for, or K is lowered. @defaultValue none */
  readonly onWarning?: (warning: SaladWarning) => void;
}

/** Scores of images, and which of those are abnormal. */
export interface KnownScores {
  readonly scores: ArrayLike<number>;
  readonly abnormal: readonly boolean[];
}

/** Values and names of the ways, before anything is scored. @throws INVALID_OPTION */
export function checkCalibration(where: string, options: CalibrationOptions): void {
  const { quantile, sensitivity, threshold } = options;
  const given = Object.entries({ quantile, sensitivity, threshold })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
  check(
    given.length < 2,
    'INVALID_OPTION',
    () => `${where}: ${given.join(' and ')} are given; expected one way to choose the threshold.`,
  );
  const share = { above: 0, max: 1 };
  if (quantile !== undefined) checkNumber(where, 'quantile', quantile, share);
  if (sensitivity !== undefined) checkNumber(where, 'sensitivity', sensitivity, share);
  if (threshold !== undefined) checkNumber(where, 'threshold', threshold, {});
}

/** A state with threshold and normalizer from the scores of images; warns where they are too few for what is asked. */
export function calibrated(
  where: string,
  state: ModelState,
  known: KnownScores,
  options: CalibrationOptions,
): ModelState {
  const normals = ofClass(known, false);
  const normalizer = normalizerFrom(where, normals, options.normalizer, 'normalizer');
  return { ...state, normalizer, threshold: thresholdBy(where, known, options) };
}

function thresholdBy(
  where: string,
  known: KnownScores,
  { quantile, sensitivity, threshold, onWarning }: CalibrationOptions,
): DecisionThreshold {
  if (threshold !== undefined)
    return { chosenBy: 'user', value: threshold, ...observedRates(known, threshold) };
  if (sensitivity !== undefined) {
    const anomalies = ofClass(known, true).sort((a, b) => a - b);
    check(
      anomalies.length > 0,
      'EMPTY_SET',
      () => `${where}: no abnormal image could be read; expected some to reach the threshold.`,
    );
    const value = sensitiveThreshold(anomalies, sensitivity);
    const promised = Math.min(sensitivity, anomalies.length / (anomalies.length + 1));
    if (promised < sensitivity)
      onWarning?.(fewValidationAnomalies(where, sensitivity, anomalies.length));
    const observed = observedRates(known, value);
    return { chosenBy: 'sensitivity', value, sensitivity: promised, ...observed };
  }
  const promised = thresholdFrom(where, ofClass(known, false), quantile);
  const { falseAlarmRate = 0 } = promised;
  if (falseAlarmRate > 1 - promised.quantile)
    onWarning?.(fewValidationNormals(where, promised.quantile, promised.normalCount));
  return { chosenBy: 'falseAlarmRate', ...promised };
}

function observedRates(known: KnownScores, threshold: number): ObservedRates {
  const reaching = (scores: readonly number[]) =>
    scores.filter((score) => score >= threshold).length / scores.length;
  const [normals, anomalies] = [ofClass(known, false), ofClass(known, true)];
  return {
    normalCount: normals.length,
    anomalyCount: anomalies.length,
    ...(normals.length > 0 && { observedFalseAlarmRate: reaching(normals) }),
    ...(anomalies.length > 0 && { observedSensitivity: reaching(anomalies) }),
  };
}

function ofClass({ scores, abnormal }: KnownScores, wanted: boolean): number[] {
  return Array.from(scores).filter((_, i) => abnormal[i] === wanted);
}
