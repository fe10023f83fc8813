import { type BootstrapInterval, bootstrapped } from './bootstrap.js';
import { type Confusion, confusion } from './confusion.js';
import { pick } from './pick.js';
import type { BootstrapOptions } from './resamples.js';
import { sensitiveThreshold, specificThreshold } from './thresholds-at-rates.js';

/** A rate where the other is fixed, with its interval and the threshold that gives it. */
export interface OperatingRate extends BootstrapInterval {
  /** What the threshold does on the whole set; the fixed rate may be passed, never missed. */
  readonly confusion: Confusion;
}

/**
 * Sensitivity at the lowest threshold that is specific enough, with its interval.
 *
 * The interval is the percentile bootstrap, by patient with `groups`; every resample looks for its
 * own threshold, so that the interval covers the choice of it too. Where the threshold was fixed on
 * other images use {@link confusionAt} and {@link wilsonInterval}.
 * Nothing is interpolated: no threshold separates equal scores, so with ties the value lies below that
 * of a curve joined by lines.
 *
 * @param scores [count], higher = more anomalous, finite.
 * @param labels [count], 0 = normal, 1 = anomalous.
 * @param specificity In [0, 1].
 * @returns A sensitivity in [0, 1], its interval and its threshold.
 * @throws INVALID_OPTION, LABELS_MISMATCH, NOT_FINITE, EMPTY_SET, UNKNOWN_OPTION
 * @example
 * const scores = [0.1, 0.4, 0.35, 0.8];
 * const { estimate, confusion } = sensitivityAtSpecificity(scores, [0, 0, 1, 1], 0.9);
 * console.log(estimate, confusion.threshold); // 0.5 0.8
 */
export function sensitivityAtSpecificity(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  specificity: number,
  options: BootstrapOptions = {},
): OperatingRate {
  const where = 'sensitivityAtSpecificity';
  return operatingRate(where, 'sensitivity', scores, labels, options, (s, l) =>
    specificThreshold(where, s, l, specificity),
  );
}

/**
 * Specificity at the highest threshold that is sensitive enough, with its interval.
 *
 * As {@link sensitivityAtSpecificity}, with the rates exchanged.
 *
 * @param scores [count], higher = more anomalous, finite.
 * @param labels [count], 0 = normal, 1 = anomalous.
 * @param sensitivity In (0, 1].
 * @returns A specificity in [0, 1], its interval and its threshold.
 * @throws INVALID_OPTION, LABELS_MISMATCH, NOT_FINITE, EMPTY_SET, UNKNOWN_OPTION
 * @example
 * specificityAtSensitivity([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1], 0.9).estimate; // 0.5
 */
export function specificityAtSensitivity(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  sensitivity: number,
  options: BootstrapOptions = {},
): OperatingRate {
  const where = 'specificityAtSensitivity';
  return operatingRate(where, 'specificity', scores, labels, options, (s, l) =>
    sensitiveThreshold(where, s, l, sensitivity),
  );
}

function operatingRate(
  where: string,
  rate: 'sensitivity' | 'specificity',
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  options: BootstrapOptions,
  thresholdOf: (scores: ArrayLike<number>, labels: ArrayLike<number>) => number,
): OperatingRate {
  const whole = confusion(where, scores, labels, thresholdOf(scores, labels));
  const interval = bootstrapped(
    where,
    (drawn) => {
      const [s, l] = [pick(scores, drawn), pick(labels, drawn)];
      return confusion(where, s, l, thresholdOf(s, l))[rate];
    },
    labels as ArrayLike<string | number>,
    options,
  );
  return { ...interval, confusion: whole };
}
