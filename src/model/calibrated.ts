import { normalizerFrom, type ScoreNormalizer, thresholdFrom } from '../core/calibration.js';
import { fewValidationAnomalies, fewValidationNormals } from '../core/warning.js';
import type { ImageSource } from '../images/image-source.js';
import { checkAllNormal, checkBothClasses, hasBothClasses } from '../learning/labels.js';
import {
  check,
  checkChoice,
  checkKnownOptions,
  checkNumber,
  checkObject,
  type OptionNames,
} from '../support/check.js';
import { checkFunction, checkSignal } from '../support/check-kinds.js';
import { type DecisionThreshold, thresholdText } from '../support/decision-threshold.js';
import { oddFence } from '../support/odd-normals.js';
import { sensitiveThreshold } from '../support/promised-threshold.js';
import type { SaladWarning } from '../support/warning.js';
import { groupsOf } from './image-groups.js';
import { type NormalScores, normalScoresOf, warnOfSmallGroups } from './normal-scores.js';
import {
  certifiedOf,
  found,
  type KnownScores,
  observedRates,
  ofClass,
  shareReaching,
} from './observed-rates.js';

/** How a threshold is chosen, by one of the first three, and scores are mapped for people. */
export interface CalibrationOptions {
  /** Share of normals meant to stay below the threshold, in (0, 1]. @defaultValue 0.95, where neither of the next two is given */
  readonly quantile?: number;
  /** Share of abnormal images meant to reach the threshold, in (0, 1]; needs images of both classes. @defaultValue none */
  readonly sensitivity?: number;
  /** A threshold of your own, in units of `scores`. @defaultValue none */
  readonly threshold?: number;
  /**
   * Leaves odd normals out before the quantile is taken, such as children, or devices, among adults: those that score so many robust
   * deviations above the median, 1.4826 * median(s - median | s >= median); at least 1. Whoever is odd like them will be flagged: of
   * new normals as they come no false alarm rate is promised then. Not with `sensitivity` or `threshold`.
   *
   * @defaultValue none: every normal counts, and the promise holds for all
   */
  readonly trimBeyond?: number;
  /**
   * The group of each image, such as its view or its scanner: [images], or a function of its id. A p-value of a new image that `score` is
   * told the group of then rests on the normals of that group alone (Mondrian). The threshold is one for all groups.
   *
   * @defaultValue none: p-values rest on all normals
   */
  readonly groups?: readonly string[] | ((id: string) => string);
  /** How scores become `normalized`: the share of normals below, or (s - low) / (high - low). @defaultValue 'empirical' */
  readonly normalizer?: ScoreNormalizer['method'];
  /**
   * Called where so few images cannot promise the rate that is asked for, the threshold finds no more abnormal images than chance, or K
   * is lowered.
   *
   * @defaultValue none
   */
  readonly onWarning?: (warning: SaladWarning) => void;
}

export const calibrationNames: OptionNames<Omit<CalibrationOptions, 'onWarning'>> = {
  quantile: true,
  sensitivity: true,
  threshold: true,
  trimBeyond: true,
  groups: true,
  normalizer: true,
};

/** What calibration gives. */
export interface FittedCalibration {
  readonly normalizer: ScoreNormalizer;
  readonly threshold: DecisionThreshold;
  /** Absent in a file that has none. */
  readonly normalScores?: NormalScores;
}

/** Values and names of the ways, before anything is scored. @throws INVALID_OPTION */
export function checkCalibration(where: string, options: CalibrationOptions): void {
  const { quantile, sensitivity, threshold, trimBeyond, normalizer } = options;
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
  if (normalizer !== undefined)
    checkChoice(where, 'normalizer', normalizer, ['empirical', 'minMax']);
  if (trimBeyond === undefined) return;
  checkNumber(where, 'trimBeyond', trimBeyond, { min: 1 });
  check(
    sensitivity === undefined && threshold === undefined,
    'INVALID_OPTION',
    () =>
      `${where}: trimBeyond and ${given[0]} are given; expected trimBeyond with a quantile alone, since no other threshold is set by normal images.`,
  );
}

/** What normal images alone can set. */
type ExtensionChoice = Pick<
  CalibrationOptions,
  'quantile' | 'trimBeyond' | 'groups' | 'normalizer'
>;

/** The calibration that a call of `extend` asks for; undefined for none. @throws INVALID_OPTION | UNKNOWN_OPTION | `signal.reason` */
export function checkExtension(
  where: string,
  options: {
    readonly calibrate?: boolean | ExtensionChoice;
    readonly onWarning?: unknown;
    readonly signal?: AbortSignal;
  },
): ExtensionChoice | undefined {
  checkKnownOptions(where, options, { calibrate: true, onWarning: true, signal: true });
  const { calibrate = false, onWarning, signal } = options;
  checkFunction(where, 'onWarning', onWarning);
  checkSignal(where, signal);
  signal?.throwIfAborted();
  if (typeof calibrate === 'boolean') return calibrate ? {} : undefined;
  checkObject(where, 'calibrate', calibrate, 'true, false or an object such as { quantile: 0.99 }');
  checkKnownOptions(`${where}: calibrate`, calibrate, {
    quantile: true,
    trimBeyond: true,
    groups: true,
    normalizer: true,
  });
  checkCalibration(where, calibrate);
  return calibrate;
}

/** `calibration` of a fit, before anything is read. @throws INVALID_OPTION | UNKNOWN_OPTION */
export function checkCalibrationOfFit(
  where: string,
  {
    calibration,
    validation,
  }: { calibration?: Omit<CalibrationOptions, 'onWarning'>; validation?: unknown },
): void {
  if (calibration === undefined) return;
  checkObject(where, 'calibration', calibration, 'an object such as { quantile: 0.99 }');
  checkKnownOptions(`${where}: calibration`, calibration, calibrationNames);
  checkCalibration(where, calibration);
  check(
    validation !== undefined,
    'INVALID_OPTION',
    () =>
      `${where}: calibration is given without validation; expected images to set the threshold by.`,
  );
}

/** @throws LABELS_MISMATCH where the images are not those that such a threshold is set by | SHAPE_MISMATCH | INVALID_OPTION for groups that are not theirs */
export function checkImagesFor(
  where: string,
  source: ImageSource,
  { sensitivity, threshold, groups }: CalibrationOptions,
): void {
  groupsOf(where, groups, source);
  if (sensitivity !== undefined) checkBothClasses(where, source);
  else if (threshold === undefined && !hasBothClasses(source)) checkAllNormal(where, source);
}

/** Threshold and normalizer from the scores of images; warns where they are too few for what is asked, or it is of no use. */
export function calibrated(
  where: string,
  known: KnownScores,
  options: CalibrationOptions,
): FittedCalibration {
  const normals = ofClass(known, false);
  const normalizer = normalizerFrom(where, normals, options.normalizer, 'normalizer');
  const threshold = thresholdBy(where, known, options);
  if (threshold.useful === false)
    options.onWarning?.({
      code: 'THRESHOLD_OF_NO_USE',
      message: `${where}: the threshold finds hardly more abnormal images than chance: ${thresholdText(threshold)}; look at the area under the ROC curve and at the highest normals, then try trimBeyond, a lower quantile or another score, and do not decide by this one.`,
    });
  const { groups, abnormal } = known;
  const normalScores = normalScoresOf(
    normals,
    groups?.filter((_, i) => !abnormal[i]),
  );
  const { quantile = 0.95 } = options;
  warnOfSmallGroups(where, normalScores, quantile, options.onWarning);
  return { normalizer, threshold, normalScores };
}

function thresholdBy(
  where: string,
  known: KnownScores,
  options: CalibrationOptions,
): DecisionThreshold {
  const { sensitivity, threshold, trimBeyond, onWarning } = options;
  if (threshold !== undefined)
    return {
      chosenBy: 'user',
      value: threshold,
      ...observedRates(known, threshold, { everyThreshold: true }),
    };
  if (sensitivity !== undefined) {
    const anomalies = ascending(ofClass(known, true));
    check(
      anomalies.length > 0,
      'EMPTY_SET',
      () => `${where}: no abnormal image could be read; expected some to reach the threshold.`,
    );
    const value = sensitiveThreshold(anomalies, sensitivity);
    const promised = Math.min(sensitivity, anomalies.length / (anomalies.length + 1));
    if (promised < sensitivity)
      onWarning?.(fewValidationAnomalies(where, sensitivity, anomalies.length));
    // Set by the abnormal images alone: to the normal ones it is a number that was given.
    const observed = observedRates(known, value, { everyThreshold: false });
    return { chosenBy: 'sensitivity', value, sensitivity: promised, ...observed };
  }
  const normals = ascending(ofClass(known, false));
  const fence = trimBeyond === undefined ? undefined : oddFence(normals, trimBeyond);
  const kept = fence === undefined ? normals : normals.filter((score) => score <= fence);
  const promised = thresholdFrom(where, kept, options.quantile);
  const { falseAlarmRate = 0, value, quantile } = promised;
  if (falseAlarmRate > 1 - quantile)
    onWarning?.(fewValidationNormals(where, quantile, promised.normalCount));
  const anomalies = ofClass(known, true);
  if (trimBeyond === undefined)
    return { chosenBy: 'falseAlarmRate', ...promised, ...found(anomalies, value, falseAlarmRate) };
  const observedFalseAlarmRate = shareReaching(normals, value);
  return {
    chosenBy: 'trimmedNormals',
    value,
    quantile,
    trimBeyond,
    ...(Number.isFinite(fence) && { fence }),
    trimmedCount: normals.length - kept.length,
    normalCount: normals.length,
    observedFalseAlarmRate,
    certifiedFalseAlarmRate: certifiedOf(normals, value, true),
    ...found(anomalies, value, observedFalseAlarmRate),
  };
}

function ascending(scores: number[]): number[] {
  return scores.sort((a, b) => a - b);
}
